// What was heard, in the reader's language: the line says it in English, in parts (bot/inbound_danger.cpp). Pure.

export interface HeardWords {
    /** By what the line says; what is not there is shown as it says it. */
    known: Record<string, string>;
    someone_else: string;
    under_18: string;
    also: string;
    unanswered: (by: string) => string;
}

const kClass = /^[a-z_]+: (?=.)/;
const kUnanswered = /^wrote to (.+) and got no answer$/;

function part(said: string, t: HeardWords): string {
    const about = [
        said.includes(' (about someone else)') ? t.someone_else : '',
        said.includes(' (under 18)') ? t.under_18 : '',
    ].filter(Boolean);
    const bare = said.replace(' (about someone else)', '').replace(' (under 18)', '').replace(kClass, '');
    const by = kUnanswered.exec(bare)?.[1];
    const told = by ? t.unanswered(by) : (t.known[bare] ?? bare);
    return about.length ? `${told} (${about.join(', ')})` : told;
}

export function in_words(said: string, t: HeardWords): string {
    const [first = '', ...others] = said.split('; also ');
    return [part(first, t), ...others.map((other) => `${t.also} ${part(other, t)}`)].join('; ');
}
