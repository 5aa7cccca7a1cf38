// The configuration of a line under test: short waits, every secret in a file.
import {kFlows} from './places.mjs';

const quoted = JSON.stringify;

function rungs_toml(priority, {rungs, repeat_every, lease}) {
    return [
        `[oncall.${priority}]`,
        `repeat_every = ${quoted(repeat_every)}`,
        ...(lease ? [`lease = ${quoted(lease)}`] : []),
        ...rungs.flatMap((rung) => [
            `[[oncall.${priority}.rungs]]`,
            ...Object.entries(rung).map(([key, value]) => `${key} = ${quoted(value)}`),
        ]),
    ].join('\n');
}

/** @param line  a Line before its server starts */
export function config_toml(line) {
    const {options} = line;
    const secret = (name) => quoted(`file:${line.file(name)}`);
    return `
[server]
listen = "127.0.0.1"
port = ${line.port}
public_url = ${quoted(line.public_base)}
drain = ${quoted(options.drain ?? '5s')}
[server.limits]
connections = 1000
connections_per_peer = 1000
[admin]
port = ${line.admin_port}
[store]
path = ${quoted(line.stored('handrail.db'))}
key_file = ${quoted(line.file('handrail.key'))}
[line]
organisation = "Riverside"
short_name = "Riverside"
helpline = "555-010-0142"
url = "riverside.example"
time_zone = "America/New_York"
flows = ${quoted(options.flows ?? kFlows)}
[replies]
gather = ${quoted(options.gather ?? '0ms')}
crossed = ${quoted(options.crossed ?? '0ms')}
[[gateway]]
kind = "twilio"
name = "main"
numbers = ${quoted(line.gateway.numbers)}
account_sid = ${quoted(line.gateway.account_sid)}
auth_token = ${secret('auth_token')}
api_base = ${quoted(line.door?.url ?? line.gateway.url)}
who_answers_keywords = ${quoted(options.who_answers_keywords ?? 'handrail')}
messages_per_second = ${options.messages_per_second ?? 10000}
${options.pictures_from ? `pictures_from = ${quoted(options.pictures_from(line))}` : ''}
[reconcile]
every = ${quoted(options.reconcile ?? '0s')}
[sending]
automatic_in_10_min = ${options.loop_guard ? 6 : 0}
automatic_a_day = ${options.loop_guard ? 40 : 0}
${options.sending ?? ''}
${options.oncall ? `[oncall]\n${options.oncall}` : ''}
${options.people.map(({name, phone, more}) => `[[oncall.person]]\nname = ${quoted(name)}\nphone = ${quoted(phone)}\n${more ?? ''}`).join('\n')}
${Object.entries(options.ladders ?? {}).map(([priority, ladder]) => rungs_toml(priority, ladder)).join('\n')}
${line.hooks ? `[[hook]]\nname = "dashboard"\nurl = ${quoted(line.hooks.url)}\nsecret = ${secret('hook')}` : ''}
[[api.token]]
name = "test"
token = ${secret('api_token')}
sees_numbers = true
[log]
level = ${quoted(options.log_level ?? 'debug')}
${typeof options.toml === 'function' ? options.toml(line) : options.toml ?? ''}
`;
}
