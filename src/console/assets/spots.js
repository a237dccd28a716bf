/* The clock of a second look at test spots. When its time has come the page looks again, unless somebody is
 * filling in a form: then it says so and takes nothing away. */
"use strict";
(function () {
    const clocks = Array.from(document.querySelectorAll("[data-due]"), function (place) {
        return { place: place, at: Date.now() + Number(place.dataset.due) };
    });
    let dirty = false;
    document.addEventListener("input", function () { dirty = true; });

    function tick() {
        let due = false;
        for (const clock of clocks) {
            const left = Math.max(0, Math.ceil((clock.at - Date.now()) / 1000));
            clock.place.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
            if (left) continue;
            clock.place.closest(".due").classList.add("now");
            due = true;
        }
        if (due && !dirty) location.reload();
        else if (clocks.length) setTimeout(tick, 1000);
    }
    if (clocks.length) tick();
})();
