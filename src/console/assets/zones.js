// Areas of zones: steps beside each number. Without this script they are typed.
(() => {
    const decimal = document.documentElement.lang === 'fr' ? ',' : '.';
    const change = (input, by) => {
        const now = Number(input.value.replace(',', '.')) || 0;
        input.value = String(Math.max(0, Math.round((now + by) * 10) / 10)).replace('.', decimal);
    };
    for (const input of document.querySelectorAll('input[data-step]')) {
        const step = Number(input.dataset.step);
        for (const by of [step, -step]) {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'step';
            button.textContent = by > 0 ? '+' : '−';
            button.setAttribute('aria-label', `${by > 0 ? '+' : '−'}${step} cm², ${input.getAttribute('aria-label')}`);
            button.addEventListener('click', () => change(input, by));
            input.after(button);
        }
    }
})();
