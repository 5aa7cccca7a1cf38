// What is being written, by contact: kept while the page lives (other conversations, a session that ended), never stored.
export interface Draft {
    text: string;
    note: string;
}

const drafts = new Map<number, Draft>();

export const draft_of = (contact: number): Draft => drafts.get(contact) ?? {text: '', note: ''};

export function keep_draft(contact: number, change: Partial<Draft>): void {
    const changed = {...draft_of(contact), ...change};
    if (changed.text || changed.note) drafts.set(contact, changed);
    else drafts.delete(contact);
}

/** The same key for the same reply, however often it is tried. */
export function reply_key(): string {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
