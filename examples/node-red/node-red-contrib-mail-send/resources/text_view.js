// The view `text`: an explanation, or whatever texts the result has.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** The first member of a document that explains something, or null. */
    function explanationIn(document) {
        for (const value of Object.values(document || {})) {
            if (value && typeof value === 'object' && value.explanation) return value;
        }
        return null;
    }

    /** Texts of a document that has no explanation: [[member, text]]. */
    function textsIn(document) {
        return Object.entries(document || {})
            .filter(([member, value]) => typeof value === 'string' && member !== 'outcome')
            .map(([member, value]) => [member.replace(/_/g, ' '), value.slice(0, 65536)]);
    }

    function start(dialog, place) {
        const {element} = wfcPanel;
        return {
            progress() {},
            stop() {},
            finish(result) {
                const document = result.document || {};
                const found = document.error ? null : explanationIn(document);
                if (found) place.append(wfcPanel.explained(dialog, found, ''));
                else if (document.error) place.append(wfcPanel.explained(dialog, document.error, ''));
                else {
                    for (const [, text] of textsIn(document)) place.append(element('pre', {class: 'wfc-plain'}, text));
                }
                wfcPanel.warnings(dialog, place, document.warnings);
            },
        };
    }

    wfcPanel.views = Object.assign(wfcPanel.views || {}, {text: start});
    wfcPanel.textView = {explanationIn, textsIn};
}());
