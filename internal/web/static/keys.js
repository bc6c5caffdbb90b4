// Keys for those who read many pages: j and k move, o opens, / searches, g d
// goes to the dyads, ? explains. Every page is complete without this file; it
// writes nothing into a page and reads nothing from one but its links.
"use strict";
(() => {
	const listed = "main .dyad, main .board tbody tr, main .dispute, main .entries tbody tr, main .hit, main .outlets tbody tr, main .note";
	const dialog = document.getElementById("keys");
	const button = document.getElementById("keys-open");
	const choice = document.getElementById("keys-on");
	if (!dialog || !button || !choice || typeof dialog.showModal !== "function") {
		return;
	}

	// Whoever speaks to the browser, or types by accident, can turn the keys off.
	const kept = "detente-keys";
	const store = (work) => { try { return work(localStorage); } catch { return null; } };
	choice.checked = store((s) => s.getItem(kept)) !== "off";
	choice.addEventListener("change", () => store((s) => s.setItem(kept, choice.checked ? "on" : "off")));
	button.hidden = false;
	button.addEventListener("click", () => dialog.showModal());

	const handle = (item) => item.querySelector("a[href], summary");
	const current = () => document.activeElement && document.activeElement.closest(listed);

	const move = (by) => {
		const items = [...document.querySelectorAll(listed)].filter((item) => handle(item) && item.getClientRects().length > 0);
		const here = items.indexOf(current());
		let next = here + by;
		if (here < 0) { // begin with the first that is in sight
			next = Math.max(0, items.findIndex((item) => item.getBoundingClientRect().bottom > 0));
		}
		if (items[next]) {
			handle(items[next]).focus();
			items[next].scrollIntoView({ block: "nearest" });
		}
	};

	const go = (selector) => {
		const link = document.querySelector(selector);
		if (link) {
			link.click();
		}
	};

	let before = ""; // the key pressed before this one
	document.addEventListener("keydown", (event) => {
		const typing = event.target.closest("input, select, textarea, [contenteditable]");
		if (!choice.checked || dialog.open || typing || event.ctrlKey || event.metaKey || event.altKey) {
			return;
		}
		const pressed = before + event.key;
		before = "";
		if (pressed === "gd") {
			go("a.wordmark");
			return;
		}
		switch (event.key) {
		case "j":
			move(1);
			break;
		case "k":
			move(-1);
			break;
		case "o":
			if (current()) {
				handle(current()).click();
			}
			break;
		case "/": {
			const words = document.getElementById("q");
			if (words) {
				words.focus();
			} else {
				go("nav a.search-link");
			}
			break;
		}
		case "?":
			dialog.showModal();
			break;
		case "g":
			before = "g";
			return;
		default:
			return;
		}
		event.preventDefault();
	});
})();
