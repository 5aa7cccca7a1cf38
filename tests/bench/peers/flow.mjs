// The unit of work every peer does, as bare_store.cpp does it: record once, load the conversation, one step, save the
// state and the reply, in one transaction.
import Database from 'better-sqlite3';

export const kTwiml = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';
const kFirstState =
    '{"flow":"slip","v":3,"lang":"en","tz":"America/Los_Angeles","a0":"yes","a1":"2","n":2}';
const kReplies = [
    'Thank you for telling us. Are you safe right now? Reply YES or NO.',
    'How long ago did you last use? 1: today 2: yesterday 3: longer',
    'A slip is not the end of your recovery. What happened just before?',
    'Drink water, rest, and stay with somebody you trust. Is anybody with you?',
    'Would you like a person to call you? Reply CALL.',
    'What has helped you before when the craving came?',
    'Let us make a plan for the next 24 hours. What is the first thing you can do?',
    'We are here. Text at any time. Shall we check in tomorrow? Reply YES.',
];

function advance(state, body) {
    if (body === 'STOP') {
        state.opted_out = 1;
        return 'You are unsubscribed and will get no more messages. Reply START to come back.';
    }
    if (body === 'START') state.opted_out = 0;
    const facts = JSON.parse(state.vars);
    facts['a' + state.step] = body.slice(0, 40);
    facts.n = (facts.n || 0) + 1;
    state.step = (state.step + 1) % 8;
    state.vars = JSON.stringify(facts);
    return kReplies[state.step];
}

/** @returns {one(form), many(forms)}: each a transaction, durable when it returns. */
export function open_store(path, checkpoint_pages) {
    const database = new Database(path);
    database.pragma('journal_mode=WAL');
    database.pragma('synchronous=FULL');
    database.pragma(`wal_autocheckpoint=${checkpoint_pages}`);
    database.pragma('cache_size=-65536');
    database.exec(`
        CREATE TABLE conversation(contact_id INTEGER PRIMARY KEY, phone TEXT NOT NULL UNIQUE, step INTEGER NOT NULL,
            vars TEXT NOT NULL, opted_out INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL);
        CREATE TABLE message_in(id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, phone TEXT NOT NULL,
            body TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE outbox(id INTEGER PRIMARY KEY, phone TEXT NOT NULL, body TEXT NOT NULL,
            status INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL);
        CREATE INDEX outbox_due ON outbox(next_at) WHERE status=0;`);
    const add_message =
        database.prepare('INSERT INTO message_in(sid,phone,body,at) VALUES(?,?,?,?) ON CONFLICT(sid) DO NOTHING');
    const find = database.prepare('SELECT contact_id,step,vars,opted_out FROM conversation WHERE phone=?');
    const update =
        database.prepare('UPDATE conversation SET step=?,vars=?,opted_out=?,updated_at=? WHERE contact_id=?');
    const add_conversation =
        database.prepare('INSERT INTO conversation(phone,step,vars,opted_out,updated_at) VALUES(?,?,?,?,?)');
    const add_reply = database.prepare('INSERT INTO outbox(phone,body,status,next_at) VALUES(?,?,0,?)');

    const work = (form) => {
        const now = Math.floor(Date.now() / 1000);
        if (add_message.run(form.MessageSid, form.From, form.Body, now).changes === 0) return;
        const found = find.get(form.From);
        const state = found ?? {step: 0, vars: kFirstState, opted_out: 0};
        const reply = advance(state, form.Body);
        if (found) update.run(state.step, state.vars, state.opted_out, now, state.contact_id);
        else add_conversation.run(form.From, state.step, state.vars, state.opted_out, now);
        add_reply.run(form.From, reply, now);
    };
    return {one: database.transaction(work).immediate, many: database.transaction((all) => all.forEach(work)).immediate};
}
