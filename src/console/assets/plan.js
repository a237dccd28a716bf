// While a plan is being made: looks every second, tells how long, and opens the plan when it is there. Without this script
// the page has a button that looks.
(() => {
    const seconds = document.getElementById('plan-seconds');
    const look = async () => {
        try {
            const answer = await fetch(location.href, { credentials: 'same-origin' });
            if (answer.redirected) return location.replace(answer.url);
            const text = await answer.text();
            if (!text.includes('id="plan-work"')) return location.reload();
            const page = new DOMParser().parseFromString(text, 'text/html');
            seconds.textContent = page.getElementById('plan-seconds').textContent;
        } catch { /* the console is away for a moment: look again */ }
        setTimeout(look, 1000);
    };
    setTimeout(look, 1000);
})();
