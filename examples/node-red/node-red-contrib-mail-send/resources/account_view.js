// The view `account`: who is signed in, for what and until when, as a table; warnings. Questions: prompts.js.
//
// Guarantees: members that this version does not know are shown under their own name; all text is text.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};
    const aside = ['warnings', 'error'];

    function namesTime(member) {
        return member.endsWith('_at') || member.endsWith('_since') || member === 'last_good_send';
    }

    /** Milliseconds since 1970 of a time in UTC as components write it, or NaN. */
    function timeOf(member, value) {
        if (typeof value === 'number' && namesTime(member)) return value * 1000;
        if (typeof value !== 'string' || value.length > 40) return NaN;
        return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? Date.parse(value) : NaN;
    }

    /** The text for a member's value. `dialog` gives words and language. */
    function text(dialog, member, value, now_ms) {
        if (Array.isArray(value)) return value.map((each) => text(dialog, member, each, now_ms)).join('\n');
        const at = timeOf(member, value);
        if (!isNaN(at)) return wfcPanel.moment(at, now_ms, dialog.language);
        const plain = typeof value === 'string' ? value : JSON.stringify(value);
        if (plain === undefined) return '';
        if (plain.length > 100) return plain.slice(0, 4096);
        return dialog.word('account-view.' + member + '.enum.' + wfcPanel.keyPart(plain), {}, plain);
    }

    function label(dialog, member) {
        return dialog.word('account-view.' + member + '.label', {}, member.replace(/_/g, ' '));
    }

    /** [[label, text]] of an account document, without what is empty. */
    function rows(dialog, account, now_ms) {
        return Object.entries(account).filter(([member, value]) => !aside.includes(member) && value !== null &&
            value !== '' && !(Array.isArray(value) && value.length === 0))
            .map(([member, value]) => [label(dialog, member), text(dialog, member, value, now_ms)]);
    }

    function start(dialog, place) {
        const {element} = wfcPanel;
        return {
            progress() {},
            stop() {},
            finish(result) {
                const document = result.document || {};
                const account = document.account && typeof document.account === 'object' ? document.account : null;
                if (account) {
                    const lines = rows(dialog, account, Date.now()).slice(0, 100).map(([name, value]) => (
                        element('tr', {}, element('th', {scope: 'row'}, name), element('td', {}, value))));
                    place.append(element('table', {class: 'wfc-account'}, element('tbody', {}, ...lines)));
                    wfcPanel.warnings(dialog, place, [...(account.warnings || []), ...(document.warnings || [])]);
                } else {
                    wfcPanel.warnings(dialog, place, document.warnings);
                }
                const error = document.error || (account && account.error);
                if (error) place.append(wfcPanel.explained(dialog, error, ''));
            },
        };
    }

    wfcPanel.views = Object.assign(wfcPanel.views || {}, {account: start});
    wfcPanel.accountView = {rows, text, timeOf};
}());
