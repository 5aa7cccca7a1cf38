// Small pieces every part of the page uses. Texts of texters only ever become text nodes.

/** An element with attributes and children; a string child is text. */
export function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value === true) made.setAttribute(key, '');
        else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
    return made;
}

export const by_id = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const day = new Intl.DateTimeFormat(undefined, {weekday: 'long', month: 'long', day: 'numeric'});

/** <time> as "10:42". */
export function time_of(iso) {
    const at = new Date(iso);
    return element('time', {datetime: iso, title: at.toLocaleString()}, clock.format(at));
}

export const day_of = (iso) => day.format(new Date(iso));

/** "+15550104" as people read it: +1 555 01 04. */
export const readable = (number) => number.replace(/^\+1555(\d\d)(\d\d)$/, '+1 555 $1 $2');

export const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** Keeps a list at its end while the reader is there, and leaves it alone when they have scrolled up. */
export function keeping_end(list, change) {
    const at_end = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    change();
    if (at_end) list.scrollTop = list.scrollHeight;
}

/** A text field that sends on Enter, breaks the line on Shift+Enter and grows with its text. */
export function wire_composer(form, send) {
    const field = form.querySelector('textarea');
    const fit = () => {
        field.style.height = 'auto';
        field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
    };
    field.addEventListener('input', fit);
    field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
    });
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const text = field.value.trim();
        if (!text) return;
        field.value = '';
        fit();
        if (!(await send(text))) field.value = text;  // not lost: the notice says why
        field.focus();
    });
}
