// The sign-up form: finds the answer to a challenge while the number is typed, sends both, and says what came of it.
const form = document.getElementById('form');
const number = document.getElementById('number');
const send = document.getElementById('send');
const error = document.getElementById('error');
const done = document.getElementById('done');

const kBatch = 512;

function zero_bits(hash) {
  const bytes = new Uint8Array(hash);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]) - 24;
}

/** The number for which SHA-256 of "challenge:number" begins with `bits` zero bits. */
async function solve({challenge, bits}) {
  const encoder = new TextEncoder();
  for (let from = 0; ; from += kBatch) {
    const tries = Array.from({length: kBatch}, (_, i) =>
      crypto.subtle.digest('SHA-256', encoder.encode(`${challenge}:${from + i}`)));
    const found = (await Promise.all(tries)).findIndex((hash) => zero_bits(hash) >= bits);
    if (found >= 0) return String(from + found);
  }
}

let proof = null;

/** A proof not used yet: {challenge, answer}. Begun early, so that it is mostly there when it is needed. */
function prepare() {
  if (proof && Date.now() < proof.until) return proof.work;
  const started = {until: Infinity, work: null};
  started.work = (async () => {
    const response = await fetch('/api/v1/signups/challenge');
    if (!response.ok) throw new Error('no challenge');
    const given = await response.json();
    started.until = Date.now() + given.expires_in_seconds * 800;
    return {challenge: given.challenge, answer: await solve(given)};
  })();
  started.work.catch(() => { if (proof === started) proof = null; });
  proof = started;
  return started.work;
}

async function post() {
  const {challenge, answer} = await prepare();
  proof = null;
  return fetch('/api/v1/signups', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({number: number.value, language: form.dataset.language, challenge, answer}),
  });
}

/** What to tell about a refusal; null: a challenge that was too old, worth another try. */
async function reason(response) {
  if (response.status === 429) return form.dataset.errorLimit;
  const {field} = await response.json().catch(() => ({}));
  if (field === 'number') return response.status === 422 ? form.dataset.errorNotTaken : form.dataset.errorNumber;
  return field === 'challenge' ? null : form.dataset.errorAgain;
}

/** Nothing when it was taken, else what is wrong. */
async function submit() {
  for (let tries = 0; tries < 2; ++tries) {
    const response = await post();
    if (response.ok) return '';
    const wrong = await reason(response);
    if (wrong !== null) return wrong;
  }
  return form.dataset.errorAgain;
}

function tell(wrong) {
  error.textContent = wrong;
  const of_number = [form.dataset.errorNumber, form.dataset.errorNotTaken].includes(wrong);
  number.setAttribute('aria-invalid', String(of_number));
  if (wrong) number.focus();
}

async function sent(event) {
  event.preventDefault();
  if (send.getAttribute('aria-disabled') === 'true') return;
  if (number.value.replace(/\D/g, '').length < 7) return tell(form.dataset.errorNumber);
  const label = send.textContent;
  tell('');
  send.setAttribute('aria-disabled', 'true');
  send.textContent = form.dataset.working;
  const wrong = await submit().catch(() => form.dataset.errorAgain);
  send.textContent = label;
  send.removeAttribute('aria-disabled');
  if (wrong) return tell(wrong);
  form.hidden = true;
  done.hidden = false;
  document.getElementById('done-title').focus();
}

document.getElementById('no-script').hidden = true;
form.hidden = false;
form.addEventListener('submit', sent);
number.addEventListener('input', () => prepare().catch(() => {}), {once: true});
