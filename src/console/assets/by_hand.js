/* A session by hand reads and works without this. It makes the pads of digits type, opens one panel at a time, and
 * follows what another screen orders: a form of an older turn would do nothing. */
"use strict";
(function () {
    document.addEventListener("click", function (event) {
        const key = event.target.closest(".pad [data-key]"), field = key && document.getElementById(key.closest(".pad").dataset.for);
        if (!field) return;
        if (key.dataset.key === "back") field.value = field.value.slice(0, -1);
        else if (key.dataset.key === "") field.value = "";
        else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key.dataset.key;
    });
    const open = () => document.querySelectorAll("details.panel[open]");
    document.addEventListener("toggle", function (event) {
        if (!event.target.matches("details.panel") || !event.target.open) return;
        for (const other of open()) if (other !== event.target) other.open = false;
        event.target.querySelector('input:not([type="hidden"])')?.focus();
    }, true);
    document.addEventListener("keydown", function (event) {
        if (event.key === "Escape") for (const panel of open()) panel.open = false;
    });

    const screen = () => document.getElementById("by-hand");
    let sending = false;
    document.addEventListener("submit", function () { sending = true; });
    window.addEventListener("pageshow", function () { sending = false; });
    /* Asked by the script and not by a person: it keeps no screen from locking. */
    async function follow() {
        if (document.hidden || sending) return;
        const asked = new URLSearchParams(location.search), shown = screen().dataset;
        asked.set("turn", shown.turn);
        asked.set("next", shown.next);
        const answer = await fetch("/by-hand/seen?" + asked).catch(function () { });
        if (!answer || answer.status === 204 || sending) return;
        const seen = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("by-hand");
        if (!seen) return location.reload();
        if (!sending) screen().replaceWith(seen);
    }
    if (screen()) {
        setInterval(follow, 2000);
        document.addEventListener("visibilitychange", follow);
    }
})();
