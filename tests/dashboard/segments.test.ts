// Counting as the server does (tests/unit has the same table for bot/segments).
import assert from 'node:assert/strict';
import test from 'node:test';
import {count_segments} from '../../webhooks/dashboard/src/segments';

const kRows: {text: string; want: [string, number, number]; why: string}[] = [
    {text: '', want: ['gsm7', 0, 160], why: 'nothing is no text'},
    {text: 'a'.repeat(160), want: ['gsm7', 1, 0], why: 'a full one'},
    {text: 'a'.repeat(161), want: ['gsm7', 2, 145], why: 'joined ones hold 153'},
    {text: '€'.repeat(80), want: ['gsm7', 1, 0], why: 'the extension takes two'},
    {text: 'a'.repeat(152) + '€' + 'a'.repeat(10), want: ['gsm7', 2, 141], why: 'an escape is not cut in two'},
    {text: '¿Qué pasó ñ?', want: ['ucs2', 1, 58], why: 'o with an accent is not in GSM-7'},
    {text: '¿Qué tal, ñandú? ¡Sí'.replace('ú', 'u').replace('í', 'i'), want: ['gsm7', 1, 140], why: 'é, ñ and the inverted marks are'},
    {text: '😀'.repeat(35), want: ['ucs2', 1, 0], why: 'an emoji takes two units'},
    {text: '😀'.repeat(36), want: ['ucs2', 2, 61], why: '33 fit, none is cut in two'},
];

for (const {text, want, why} of kRows) {
    test(why, () => {
        const {encoding, segments, left} = count_segments(text);
        assert.deepEqual([encoding, segments, left], want);
    });
}

test('says which characters cost, each once', () => {
    assert.equal(count_segments('ó😀ó').beyond_gsm7, 'ó😀');
});
