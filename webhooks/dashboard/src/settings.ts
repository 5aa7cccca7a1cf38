// What this browser remembers of its user: language and colours. Never anything of a texter.
import {in_words} from './heard';
import {en, type Words} from './words_en';
import {es} from './words_es';

export type Theme = 'auto' | 'light' | 'dark';
export type Language = 'en' | 'es';
const kWords: Record<Language, Words> = {en, es};

function remembered(name: string): string | null {
    try {
        return localStorage.getItem(`handrail.${name}`);
    } catch {
        return null; // a browser that keeps nothing
    }
}
function remember(name: string, value: string): void {
    try {
        localStorage.setItem(`handrail.${name}`, value);
    } catch {
        // a browser that keeps nothing: it holds until the page is closed
    }
}

function first_language(): Language {
    const kept = remembered('language');
    if (kept === 'en' || kept === 'es') return kept;
    return navigator.languages.some((each) => each.startsWith('en')) ||
        !navigator.languages.some((each) => each.startsWith('es'))
        ? 'en'
        : 'es';
}

class Settings {
    language: Language = first_language();
    theme: Theme = (['light', 'dark'] as const).find((each) => each === remembered('theme')) ?? 'auto';
    alerts = remembered('alerts') === 'on';
    #watchers = new Set<() => void>();

    constructor() {
        this.#show();
    }
    get words(): Words {
        return kWords[this.language];
    }
    /** For dates and figures: the browser's region, our language. */
    get locale(): string {
        return navigator.languages.find((each) => each.startsWith(this.language)) ?? this.language;
    }
    watch(changed: () => void): () => void {
        this.#watchers.add(changed);
        return () => {
            this.#watchers.delete(changed);
        };
    }
    speak(language: Language): void {
        this.language = language;
        remember('language', language);
        this.#show();
    }
    paint(theme: Theme): void {
        this.theme = theme;
        remember('theme', theme);
        this.#show();
    }
    alert(on: boolean): void {
        this.alerts = on;
        remember('alerts', on ? 'on' : 'off');
        this.#show();
    }
    #show(): void {
        document.documentElement.lang = this.language;
        document.documentElement.dataset['theme'] = this.theme;
        this.#watchers.forEach((changed) => changed());
    }
}

export const settings = new Settings();
/** The words of the language in force. */
export const words = () => settings.words;
/** What the ears heard, in the reader's language as far as it is known there. */
export const heard_words = (said: string): string => in_words(said, words().heard);
