// Schemathesis reads the description of the API and asks the real binary what nobody thought of: no answer may be a
// fault, of a status or a shape that is not described.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {story} from '../support/node/story.mjs';
import {signed_in} from './browser.mjs';

const kProgram = process.env.HANDRAIL_SCHEMATHESIS;
const kSeconds = 60;

story('the API holds to its description', {log_level: 'error', timeout: 200_000}, async (line) => {
    assert.ok(kProgram && fs.existsSync(kProgram), 'HANDRAIL_SCHEMATHESIS names the fuzzer (tests/staff/CMakeLists.txt)');
    const maya = await signed_in(line, 'Maya', 'counsellor', 'supervisor', 'administrator', 'auditor');
    for (const [number, words] of [['+15550110', 'i want to die'], ['+15550111', 'hi'], ['+15550112', 'recai anoche']])
        await line.phone(number).texts(words);
    const report = path.join(line.directory, 'fuzz');
    const arguments_ = [
        '--config-file', fileURLToPath(new URL('schemathesis.toml', import.meta.url)),
        'run', `http://127.0.0.1:${line.port}/api/v1/openapi.json`, '--seed', '20260307', '--max-examples', '12',
        '--phases', 'examples,coverage,fuzzing', '--continue-on-failure', '--no-shrink',
        // Two threads that parse at once break ast.parse of Python 3.11 ("AST constructor recursion depth mismatch").
        '--workers', '1',
        '--max-time', String(kSeconds), '--request-timeout', '20', '--warnings', 'off', '--suppress-health-check', 'all',
        '--checks', 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance',
        '--header', `Cookie: ${maya.cookie}`, '--header', 'X-Handrail: 1',
        // These end the session or the account that asks, or never end.
        '--exclude-operation-id', 'signOut', '--exclude-operation-id', 'events', '--exclude-operation-id', 'changeStaff',
        '--exclude-operation-id', 'resetStaff', '--exclude-operation-id', 'changePassword',
        '--report', 'junit', '--report-junit-path', `${report}.xml`,
    ];
    const {code, out} = await new Promise((done) => {
        const child = spawn(kProgram, arguments_, {cwd: line.directory, env: {...process.env, NO_COLOR: '1'}});
        const patience = setTimeout(() => child.kill('SIGKILL'), (kSeconds + 60) * 1_000);
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { text += data; });
        child.on('close', (status) => { clearTimeout(patience); done({code: status, out: text}); });
    });
    assert.equal(code, 0, out.slice(-30_000));
    const cases = [...fs.readFileSync(`${report}.xml`, 'utf8').matchAll(/<testcase /g)].length;
    assert.ok(cases >= 40, `${cases} operations were asked`);
    await maya.sees('/me');
});
