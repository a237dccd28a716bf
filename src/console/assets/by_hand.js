/* A session by hand reads and works without this. It makes the pads of digits type, opens one panel at a time, and
 * looks again when a tab comes back into sight, because another one may have gone on. */
"use strict";
(function () {
    for (const pad of document.querySelectorAll(".pad"))
        pad.addEventListener("click", function (event) {
            const key = event.target.closest("[data-key]"), field = document.getElementById(pad.dataset.for);
            if (!key || !field) return;
            if (key.dataset.key === "back") field.value = field.value.slice(0, -1);
            else if (key.dataset.key === "") field.value = "";
            else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key.dataset.key;
        });
    const panels = document.querySelectorAll("details.panel");
    for (const panel of panels)
        panel.addEventListener("toggle", function () {
            if (!panel.open) return;
            for (const other of panels) if (other !== panel) other.open = false;
            panel.querySelector('input:not([type="hidden"])')?.focus();
        });
    document.addEventListener("keydown", function (event) {
        if (event.key === "Escape") for (const panel of panels) panel.open = false;
    });
    const screen = document.getElementById("by-hand");
    document.addEventListener("visibilitychange", function () {
        if (screen && !document.hidden && !document.querySelector("input:not([type=hidden]):focus")?.value) location.reload();
    });
})();
