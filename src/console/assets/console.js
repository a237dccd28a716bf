/* Every page reads without this. It keeps the screen from locking while a person types, locks it in sight when nobody
 * does, and keeps a button from being pressed twice. */
"use strict";
(function () {
    const token = document.querySelector('meta[name="token"]').content;
    const signedIn = document.body.classList.contains("signed-in");
    const LOCK = 5 * 60 * 1000, TELL = 60 * 1000;
    let touched = Date.now(), told = Date.now();

    function touch() {
        touched = Date.now();
        if (!signedIn || touched - told < TELL) return;
        told = touched;
        fetch("/touch", { method: "POST", body: new URLSearchParams({ token: token }) }).catch(function () { });
    }
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touch, { passive: true });

    /* The server locks by its own clock; this only shows it. */
    if (signedIn)
        setInterval(function () {
            if (Date.now() - touched > LOCK + 2000) location.reload();
        }, 1000);

    document.addEventListener("submit", function (event) {
        if (event.target.dataset.sent) event.preventDefault();
        event.target.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", function () { /* back to a page that was kept */
        for (const form of document.forms) delete form.dataset.sent;
    });

    /* A file is fetched, so that the page stays and then says that it went out. A refusal is shown in its place. */
    function save(answer, bytes) {
        const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
        const link = document.createElement("a");
        link.href = URL.createObjectURL(bytes);
        link.download = name ? name[1] : "fadeline";
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); location.reload(); }, 500);
    }
    document.addEventListener("submit", async function (event) {
        const form = event.target;
        if (!form.closest(".files")) return;
        event.preventDefault();
        if (form.dataset.busy) return;
        form.dataset.busy = "yes";
        const body = new URLSearchParams(new FormData(form, event.submitter));
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body: body }).catch(function () { });
        if (answer && answer.ok) return save(answer, await answer.blob());
        if (!answer) return location.reload();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(page.querySelector("main"));
    });

    /* A page that waits for something looks again. */
    const again = document.querySelector("[data-again]");
    if (again) setTimeout(function () { location.reload(); }, Number(again.dataset.again));
})();
