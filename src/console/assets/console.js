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
})();
