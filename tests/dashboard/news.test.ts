// What makes a sound: only what was not there before.
import assert from 'node:assert/strict';
import test from 'node:test';
import {news} from '../../webhooks/dashboard/src/news';

const item = (contact: number, more: object = {}) => ({contact: {id: contact}, why: 'person_wanted', escalation: {id: contact * 10}, held_by: null, last_text_at: '1', ...more}) as never;
const danger = {why: 'danger'};
const mine = {held_by: 'Maya', why: 'held'};

const kRows: {before: never[]; after: never[]; want: string[]; why: string}[] = [
    {before: [], after: [item(1, danger)], want: ['danger'], why: 'somebody in danger came'},
    {before: [item(1, danger)], after: [item(1, danger)], want: [], why: 'nothing changed'},
    {before: [item(1)], after: [item(1, danger)], want: ['danger'], why: 'it became worse'},
    {before: [item(1, danger)], after: [item(1, {...danger, escalation: {id: 99}})], want: ['danger'], why: 'in danger once more'},
    {before: [item(1, danger)], after: [item(1, {...danger, held_by: 'Luis'})], want: [], why: 'a colleague took it'},
    {before: [], after: [item(2)], want: ['case'], why: 'somebody wants a person'},
    {before: [], after: [item(2, {held_by: 'Luis', why: 'held'})], want: [], why: 'taken by a colleague already'},
    {before: [item(3, mine)], after: [item(3, {...mine, last_text_at: '2'})], want: ['text'], why: 'a text in my conversation'},
    {before: [item(3, {held_by: 'Luis'})], after: [item(3, {held_by: 'Luis', last_text_at: '2'})], want: [], why: 'a text in a colleague\'s'},
    {before: [item(3, mine)], after: [item(3, {...mine, idle_until: '3'})], want: ['idle'], why: 'mine, and asked whether I am still there'},
    {before: [item(3, {...mine, idle_until: '3'})], after: [item(3, {...mine, idle_until: '3'})], want: [], why: 'asked before'},
    {before: [item(3, {held_by: 'Luis'})], after: [item(3, {held_by: 'Luis', idle_until: '3'})], want: [], why: 'a colleague is asked'},
    {before: [item(1)], after: [], want: [], why: 'one less'},
];

for (const {before, after, want, why} of kRows) {
    test(why, () => assert.deepEqual(news(before, after, 'Maya').map(({what}) => what), want));
}
