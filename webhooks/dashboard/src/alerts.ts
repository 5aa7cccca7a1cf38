// Sound and notifications, when the queue has got something that was not there before. Nothing a texter wrote is shown
// on a locked screen: only that somebody waits.
import type {News} from './news';
import {settings, words} from './settings';

let context: AudioContext | null = null;

/** Browsers let a page sound only after a click or key: called on each. */
export function allow_sound(): void {
    if (!settings.alerts) return;
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
}

function tone(at: number, frequency: number, lasts: number): void {
    if (!context) return;
    const volume = context.createGain();
    const oscillator = context.createOscillator();
    oscillator.frequency.value = frequency;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + lasts);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + lasts);
}

function sound(danger: boolean): void {
    if (!context || context.state !== 'running') return;
    const now = context.currentTime;
    if (danger) [0, 0.25, 0.5].forEach((after) => tone(now + after, 880, 0.22));
    else tone(now, 587, 0.4);
}

function notify(title: string, contact: number): void {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.visibilityState === 'visible')
        return;
    const shown = new Notification(title, {tag: `handrail-${contact}`, icon: './icon.svg'});
    shown.onclick = () => {
        window.focus();
        location.hash = `#/c/${contact}`;
        shown.close();
    };
}

export async function turn_alerts(on: boolean): Promise<void> {
    settings.alert(on);
    if (!on) return;
    allow_sound();
    if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
    sound(false);
}

/** Makes heard what `news` found. */
export function tell(found: News[]): void {
    if (!settings.alerts || found.length === 0) return;
    sound(found.some(({what}) => what === 'danger'));
    const {new_danger, new_case, new_text, new_idle} = words().queue;
    const said = {danger: new_danger, case: new_case, text: new_text, idle: new_idle};
    for (const {item, what} of found) notify(said[what], item.contact.id);
}
