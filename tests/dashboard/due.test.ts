// When a call is to be made, and what is said of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import {due_of} from '../../webhooks/dashboard/src/due';

const at = (clock: string) => `2026-11-25T${clock}:00.000Z`;
const kCall = {from: at('09:30'), until: at('09:30'), late_at: at('09:40')};
const kRows: {why: string; task: Parameters<typeof due_of>[0]; now: string; want: ReturnType<typeof due_of>}[] = [
    {why: 'before its time', task: kCall, now: '09:05', want: {is: 'ahead', ms: 25 * 60_000}},
    {why: 'at its time', task: kCall, now: '09:30', want: {is: 'now'}},
    {why: 'late counts from the time that was promised, not from when the line says so', task: kCall, now: '09:42', want: {is: 'late', ms: 12 * 60_000}},
    {why: 'within a window nobody is late', task: {...kCall, until: at('11:00'), late_at: at('11:10')}, now: '10:30', want: {is: 'now'}},
    {why: 'no time that could be read: it waits', task: {...kCall, until: null, late_at: null}, now: '10:00', want: {is: 'waiting', ms: 30 * 60_000}},
    {why: 'a missed visit promises no time', task: {...kCall, until: null, late_at: null}, now: '09:00', want: {is: 'ahead', ms: 30 * 60_000}},
];

for (const {why, task, now, want} of kRows)
    test(`due: ${why}`, () => assert.deepEqual(due_of(task, Date.parse(at(now))), want));
