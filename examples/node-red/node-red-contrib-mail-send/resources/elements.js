// Makes elements of the dialogs, and reads keys. Guarantees: what is shown is text; nothing is ever parsed as HTML.
(function () {
    'use strict';

    const wfcPanel = window.wfcPanel = window.wfcPanel || {};

    /** An element: `element('p', {class: 'x'}, 'text', child, …)`; children that are false or null are left out. */
    function element(tag, attributes, ...children) {
        const out = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes || {})) {
            if (value === undefined || value === null || value === false) continue;
            out.setAttribute(name, value === true ? '' : String(value));
        }
        out.append(...children.filter((each) => each !== null && each !== undefined && each !== false && each !== ''));
        return out;
    }

    /** A button of the editor's look; `icon` is a name of Font Awesome 4 or nothing. */
    function button(text, icon, onClick) {
        const out = element('button', {type: 'button', class: 'red-ui-button wfc-button'},
            icon && element('i', {class: 'fa ' + icon, 'aria-hidden': 'true'}), icon && ' ', text);
        if (onClick) out.addEventListener('click', onClick);
        return out;
    }

    /** A link to another site, or its text alone where the address is not one of the web. */
    function link(address, text) {
        if (!/^https?:\/\/[^\s]+$/i.test(String(address))) return element('span', {}, String(text || address));
        return element('a', {href: address, target: '_blank', rel: 'noopener noreferrer'}, String(text || address));
    }

    /** Where an icon stands for a verdict or a severity; the word stands beside it. */
    function mark(kind) {
        const icons = {ok: 'fa-check-circle', warning: 'fa-exclamation-triangle', failed: 'fa-times-circle',
            error: 'fa-times-circle', skipped: 'fa-minus-circle', running: 'fa-spinner fa-spin', missing: 'fa-pencil'};
        return element('i', {class: 'fa ' + (icons[kind] || 'fa-question-circle') + ' wfc-mark wfc-mark-' + kind,
            'aria-hidden': 'true'});
    }

    /** Whether a key press means "go": Enter alone, and not the Enter that ends the conversion of an input method. */
    function isGo(event) {
        return event.key === 'Enter' && !event.isComposing && event.keyCode !== 229 && !event.ctrlKey && !event.metaKey;
    }

    Object.assign(wfcPanel, {element, button, link, mark, isGo});
}());
