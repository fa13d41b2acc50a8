// What is said to people: words of the node's catalogue, numbers and times in the editor's language.
//
// Guarantees: a missing word never shows as a raw key where a fallback was given. Knows nothing of the DOM.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    const units = [['year', 365 * 86400], ['month', 30 * 86400], ['day', 86400], ['hour', 3600], ['minute', 60]];

    /** The words of one node definition: `word(key, params, fallback)`; without fallback a missing word is its key. */
    function words(definition) {
        return function word(key, params, fallback) {
            const asked = String(key);
            // i18next would split such a key, and what it finds then is something else.
            if (/:/.test(asked)) return fallback === undefined ? asked : fallback;
            const text = definition._(asked, params || {});
            const missing = typeof text !== 'string' || text === asked || text.endsWith(':' + asked) ||
                text.includes('returned an object instead of string');
            if (!missing) return text;
            return fallback === undefined ? asked : fallback;
        };
    }

    /** `value` as one step of a catalogue's key, as the generator writes it. */
    function keyPart(value) {
        return String(value).replace(/[^A-Za-z0-9_\-/]/g, '_');
    }

    /** The editor's language among `languages` (of the component); the first of them where it is none. */
    function language(languages) {
        const kept = window.localStorage && window.localStorage.getItem('editor-language');
        const wanted = String(kept || (window.navigator && window.navigator.language) || '').toLowerCase();
        const found = languages.find((each) => wanted === each || wanted.startsWith(each + '-'));
        return found || (languages.includes('en') ? 'en' : languages[0] || 'en');
    }

    /** The text for `language` of `{en: …, ja: …}` or of a plain string; "" where there is none. */
    function spoken(texts, inLanguage) {
        if (typeof texts === 'string') return texts;
        if (!texts || typeof texts !== 'object') return '';
        return texts[inLanguage] || texts.en || '';
    }

    /** "340 ms" or "12.5 s", of a running `clock` "3 s"; "" for what is no duration. */
    function duration(ms, inLanguage, clock) {
        if (typeof ms !== 'number' || !isFinite(ms) || ms < 0 || ms > 1e9) return '';
        const seconds = clock || ms >= 10000;
        return new Intl.NumberFormat(inLanguage, {
            style: 'unit', unit: seconds ? 'second' : 'millisecond', unitDisplay: 'short',
            maximumFractionDigits: seconds && !clock ? 1 : 0,
        }).format(clock ? Math.floor(ms / 1000) : seconds ? ms / 1000 : ms);
    }

    /** "in 3 days": the time from `now_ms` to `at_ms`, both since 1970. */
    function relative(at_ms, now_ms, inLanguage) {
        const seconds = Math.round((at_ms - now_ms) / 1000);
        const format = new Intl.RelativeTimeFormat(inLanguage, {numeric: 'auto'});
        // Each from two of it on, so that 90 minutes are not "1 hour".
        for (const [unit, length] of units) {
            if (Math.abs(seconds) >= (length === 60 ? 60 : 2 * length)) {
                return format.format(Math.trunc(seconds / length), unit);
            }
        }
        return format.format(Math.trunc(seconds), 'second');
    }

    /** A time and how far it is; at_ms since 1970. */
    function moment(at_ms, now_ms, inLanguage) {
        const at = new Date(at_ms);
        if (isNaN(at)) return '';
        const shown = new Intl.DateTimeFormat(inLanguage, {dateStyle: 'medium', timeStyle: 'short'}).format(at);
        return shown + ' (' + relative(at_ms, now_ms, inLanguage) + ')';
    }

    Object.assign(wfcPanel, {words, keyPart, language, spoken, duration, relative, moment});
}());
