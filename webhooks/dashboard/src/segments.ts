// How a text is cut into SMS segments (3GPP TS 23.038): GSM-7 as long as every character is in its alphabet, else UCS-2.
const kBasic =
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const kExtended = '^{}\\[~]|€\f';

export interface Counted {
    encoding: 'gsm7' | 'ucs2';
    segments: number;
    /** Units left in the last segment: septets, or UTF-16 code units. */
    left: number;
    /** The characters that make it UCS-2, each once. */
    beyond_gsm7: string;
}

/** @param units  what each character takes; none is cut in two · @return segments and what is left in the last */
function cut(units: number[], alone: number, joined: number): {segments: number; left: number} {
    const total = units.reduce((sum, each) => sum + each, 0);
    if (total <= alone) return {segments: total === 0 ? 0 : 1, left: alone - total};
    let segments = 1;
    let used = 0;
    for (const each of units) {
        if (used + each > joined) {
            ++segments;
            used = 0;
        }
        used += each;
    }
    return {segments, left: joined - used};
}

export function count_segments(text: string): Counted {
    const characters = [...text];
    const beyond = [...new Set(characters.filter((each) => !kBasic.includes(each) && !kExtended.includes(each)))].join(
        '',
    );
    if (beyond)
        return {
            encoding: 'ucs2',
            beyond_gsm7: beyond,
            ...cut(
                characters.map((each) => each.length),
                70,
                67,
            ),
        };
    return {
        encoding: 'gsm7',
        beyond_gsm7: '',
        ...cut(
            characters.map((each) => (kExtended.includes(each) ? 2 : 1)),
            160,
            153,
        ),
    };
}
