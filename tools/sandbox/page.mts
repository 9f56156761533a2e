/**
 * The page at `/`. It is fixed text: everything that arrived comes in as JSON and is put on the page with `textContent`
 * alone, so nothing in it can become markup. `__NONCE__` is replaced per answer; nothing is loaded from elsewhere.
 */
export const PAGE = String.raw`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Server events sandbox</title>
<style nonce="__NONCE__">
:root {
	--ground: #f5f4f1; --card: #ffffff; --ink: #1d1f24; --soft: #666b75; --line: #e2e0da; --well: #f8f7f4;
	--good: #18794e; --good-well: #e2f3ea; --bad: #c0362c; --bad-well: #fbe9e7; --warn: #8f5d00; --warn-well: #fbf0d9;
	--name: #7a3e9d; --text: #1f6f54; --num: #a14f00;
	--mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #14161a; --card: #1d2026; --ink: #e8e8e6; --soft: #9aa0ab; --line: #2e323a; --well: #171a1f;
		--good: #5fd39a; --good-well: #16342a; --bad: #ff8c80; --bad-well: #3c1f1d; --warn: #f0bd5f; --warn-well: #382c14;
		--name: #cda4ec; --text: #8ed6b4; --num: #f3ae72;
	}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.45 system-ui, -apple-system, 'Segoe UI', sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 6px 20px; align-items: baseline; padding: 18px 24px 14px; }
h1 { margin: 0; font-size: 19px; font-weight: 650; letter-spacing: -0.01em; }
header p { margin: 0; color: var(--soft); }
.right { margin-left: auto; display: flex; gap: 18px; align-items: center; color: var(--soft); }
.right label { display: flex; gap: 6px; align-items: center; cursor: pointer; }
#link::before { content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 7px; border-radius: 50%; background: var(--bad); }
#link.on::before { background: var(--good); }
main { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 16px; padding: 0 24px 32px; align-items: start; }
@media (max-width: 1180px) { main { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 680px) { main { grid-template-columns: minmax(0, 1fr); padding: 0 14px 24px; } header { padding: 14px; } }
section > h2 { margin: 0; font-size: 15px; font-weight: 650; display: flex; align-items: center; gap: 8px; }
section > h2::before { content: ''; width: 4px; height: 16px; border-radius: 2px; background: var(--hue); }
.base { margin: 3px 0 8px; font: 12px var(--mono); color: var(--soft); overflow-wrap: anywhere; }
.tally { display: flex; gap: 14px; margin-bottom: 12px; color: var(--soft); font-size: 13px; }
.tally b { color: var(--ink); font-variant-numeric: tabular-nums; }
.tally .wrong b { color: var(--bad); }
.empty { border: 1px dashed var(--line); border-radius: 10px; padding: 22px 16px; text-align: center; color: var(--soft); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin-bottom: 10px; overflow: hidden; }
article.fresh { animation: arrive 1.4s ease-out; }
@keyframes arrive { from { border-color: var(--hue); box-shadow: 0 0 0 3px color-mix(in srgb, var(--hue) 30%, transparent); } }
@media (prefers-reduced-motion: reduce) { article.fresh { animation: none; } }
.top { display: flex; gap: 8px; align-items: center; padding: 10px 12px 4px; }
.top .what { font-weight: 600; overflow-wrap: anywhere; }
.top .no { color: var(--soft); font-variant-numeric: tabular-nums; }
.pill { margin-left: auto; flex: none; padding: 1px 8px; border-radius: 20px; font: 600 12px/1.6 var(--mono); background: var(--warn-well); color: var(--warn); }
.pill.test + .pill { margin-left: 0; }
.pill.good { background: var(--good-well); color: var(--good); }
.pill.bad { background: var(--bad-well); color: var(--bad); }
.facts { padding: 0 12px; color: var(--soft); font-size: 12px; }
.target { padding: 4px 12px 8px; font: 11.5px/1.5 var(--mono); color: var(--soft); overflow-wrap: anywhere; }
ul.why { margin: 0; padding: 8px 12px 8px 28px; background: var(--bad-well); color: var(--bad); font-size: 13px; overflow-wrap: anywhere; }
ul.why.quiet { background: var(--warn-well); color: var(--warn); }
ul.why code { font: 12px var(--mono); }
.why .where { opacity: 0.8; }
details { border-top: 1px solid var(--line); }
summary { padding: 7px 12px; cursor: pointer; color: var(--soft); font-size: 12.5px; }
summary:hover { color: var(--ink); }
:focus-visible { outline: 2px solid var(--hue, currentColor); outline-offset: -2px; }
pre { margin: 0; padding: 10px 12px; background: var(--well); border-top: 1px solid var(--line); font: 12px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 360px; overflow-y: auto; }
.n { color: var(--name); } .s { color: var(--text); } .d { color: var(--num); }
.more { padding: 8px 12px; border-top: 1px solid var(--line); color: var(--soft); font-size: 12.5px; }
[data-vendor='myTracker'] { --hue: #2f7cf6; } [data-vendor='appMetrica'] { --hue: #e5484d; }
[data-vendor='gravityField'] { --hue: #8e4ec6; } [data-vendor='vibetrace'] { --hue: #0f9b8e; } [data-vendor='other'] { --hue: #8b8d98; }
body.refused article:not(.has-refusal) { display: none; }
</style>
</head>
<body>
<header>
	<h1>Server events sandbox</h1>
	<p>What the four stand-ins received, newest first. Secrets are masked.</p>
	<div class="right">
		<label><input type="checkbox" id="only"> refused only</label>
		<span id="link">connecting</span>
	</div>
</header>
<main id="columns"></main>
<script nonce="__NONCE__">
'use strict';
const NAMES = { myTracker: 'MyTracker', appMetrica: 'AppMetrica', gravityField: 'Gravity Field', vibetrace: 'Vibetrace', other: 'Elsewhere' };
const SHOWN = 100;
const columns = new Map();
let requests = new Map();

function make(tag, className, text) {
	const element = document.createElement(tag);
	if (className) element.className = className;
	if (text !== undefined) element.textContent = text;
	return element;
}

function column(vendor) {
	let found = columns.get(vendor);
	if (found) return found;
	const section = make('section');
	section.dataset.vendor = vendor;
	const base = make('div', 'base');
	const tally = make('div', 'tally');
	const list = make('div');
	section.append(make('h2', '', NAMES[vendor] || vendor), base, tally, list);
	document.getElementById('columns').append(section);
	found = { base, tally, list, cards: new Map() };
	columns.set(vendor, found);
	return found;
}

/** Breaks JSON text into lines without parsing it, so that a 64-bit id keeps all its digits. */
function pretty(text) {
	const pre = make('pre');
	const token = /"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+/g;
	const tokens = text.match(token) || [];
	let depth = 0;
	const line = () => pre.append('\n' + '  '.repeat(depth));
	tokens.forEach((part, at) => {
		const next = tokens[at + 1];
		if (part === '{' || part === '[') {
			pre.append(part);
			if (next !== '}' && next !== ']') { depth++; line(); }
		} else if (part === '}' || part === ']') {
			const before = tokens[at - 1];
			if (before !== '{' && before !== '[') { depth--; line(); }
			pre.append(part);
		} else if (part === ',') { pre.append(part); line(); }
		else if (part === ':') pre.append(': ');
		else if (part[0] === '"') pre.append(make('span', next === ':' ? 'n' : 's', part));
		else pre.append(make('span', 'd', part));
	});
	return pre;
}

function size(bytes) {
	if (bytes < 1000) return bytes + ' B';
	if (bytes < 1e6) return (bytes / 1000).toFixed(1) + ' kB';
	return (bytes / 1e6).toFixed(1) + ' MB';
}

function reasons(list, className, word) {
	const ul = make('ul', className);
	for (const refusal of list) {
		const li = make('li');
		if (word) li.append(make('b', '', word), ' ');
		if (refusal.index !== undefined) li.append(make('span', 'where', 'event ' + (refusal.index + 1) + ': '));
		if (refusal.field) li.append(make('code', '', refusal.field), ' ');
		li.append(refusal.reason);
		ul.append(li);
	}
	return ul;
}

function card(request) {
	const article = make('article', request.refusalCount && !request.isCredentialTest ? 'has-refusal' : '');
	const top = make('div', 'top');
	const good = request.status >= 200 && request.status < 300;
	const state = request.status !== undefined ? String(request.status) : request.open ? 'open' : 'no answer';
	top.append(make('span', 'no', '#' + request.number), make('span', 'what', request.operation || request.method));
	if (request.isCredentialTest) top.append(make('span', 'pill test', 'credential test'));
	top.append(make('span', 'pill' + (good ? ' good' : request.status >= 400 && !request.isCredentialTest ? ' bad' : ''), state));
	const facts = [new Date(request.time).toLocaleTimeString(), request.method, size(request.bytes)];
	if (request.milliseconds !== undefined) facts.push(request.milliseconds.toFixed(1) + ' ms');
	const reads = /^(export|management)\//.test(request.operation || '');
	if (!reads) facts.push(request.stored === 1 ? '1 event stored' : request.stored + ' events stored');
	if (request.fault) facts.push('fault: ' + request.fault);
	article.append(top, make('div', 'facts', facts.join(' · ')));
	const long = request.url.length > 160;
	article.append(make('div', 'target', long ? request.url.split('?')[0] + '?…' : request.url));
	if (request.authorization !== undefined) article.append(make('div', 'target', 'Authorization: ' + request.authorization));
	if (request.refusals.length) article.append(reasons(request.refusals, request.isCredentialTest ? 'why quiet' : 'why'));
	if (request.refusalCount > request.refusals.length) article.append(make('div', 'more', 'and ' + (request.refusalCount - request.refusals.length) + ' more reasons'));
	if (request.discarded.length) article.append(reasons(request.discarded, 'why quiet', 'dropped in silence:'));
	if (request.events.length) {
		const details = make('details');
		details.open = request.events.length === 1;
		details.append(make('summary', '', request.stored === 1 ? 'Event' : request.stored + ' events'));
		for (const text of request.events) details.append(pretty(text));
		if (request.stored > request.events.length) details.append(make('div', 'more', 'and ' + (request.stored - request.events.length) + ' more, not shown'));
		article.append(details);
	}
	for (const [title, text] of [['Whole address, ' + request.url.length + ' characters', long ? request.url : ''], ['Body', request.sent]]) {
		if (!text) continue;
		const details = make('details');
		details.append(make('summary', '', title), make('pre', '', text));
		article.append(details);
	}
	if (request.answer) {
		const details = make('details');
		details.append(make('summary', '', 'Answer'), make('pre', '', request.answer));
		article.append(details);
	}
	return article;
}

function count(place, vendor) {
	const mine = [...requests.values()].filter((request) => request.vendor === vendor);
	const stored = mine.reduce((sum, request) => sum + request.stored, 0);
	const refused = mine.filter((request) => request.refusalCount && !request.isCredentialTest).length;
	const part = (number, word, className) => {
		const span = make('span', className);
		span.append(make('b', '', number.toLocaleString()), ' ' + word);
		return span;
	};
	place.tally.replaceChildren(part(mine.length, 'requests'), part(stored, 'events'), part(refused, 'refused', refused ? 'wrong' : ''));
}

const undrawn = new Set();
let planned = false;
/** Many requests in one moment cost one round of drawing. */
function touch(request, fresh) {
	requests.set(request.number, request);
	undrawn.add(request);
	request.fresh = fresh;
	if (planned) return;
	planned = true;
	requestAnimationFrame(draw);
}

function draw() {
	planned = false;
	const seen = new Set();
	for (const request of [...undrawn].sort((a, b) => a.number - b.number)) {
		if (requests.get(request.number) !== request) continue;
		const place = column(request.vendor);
		seen.add(request.vendor);
		const old = place.cards.get(request.number);
		const element = card(request);
		if (old) {
			const wasOpen = new Map([...old.querySelectorAll('details')].map((details) => [details.firstChild.textContent, details.open]));
			for (const details of element.querySelectorAll('details')) details.open = wasOpen.get(details.firstChild.textContent) ?? details.open;
			old.replaceWith(element);
		} else {
			if (request.fresh) element.classList.add('fresh');
			place.list.querySelector('.empty')?.remove();
			// Arrival order, newest on top, even when an older request is heard of later.
			const below = [...place.cards].filter(([number]) => number < request.number).sort((a, b) => b[0] - a[0])[0];
			if (below) below[1].before(element);
			else place.list.append(element);
		}
		place.cards.set(request.number, element);
		const numbers = [...place.cards.keys()].sort((a, b) => a - b);
		for (const number of numbers.slice(0, Math.max(0, numbers.length - SHOWN))) {
			place.cards.get(number).remove();
			place.cards.delete(number);
		}
	}
	undrawn.clear();
	for (const vendor of seen) count(column(vendor), vendor);
}

function clear() {
	requests = new Map();
	undrawn.clear();
	for (const [vendor, place] of columns) {
		place.cards.clear();
		place.list.replaceChildren(make('div', 'empty', 'Nothing yet'));
		count(place, vendor);
	}
}

let loading;
async function load() {
	const heard = [];
	loading = heard;
	const state = await (await fetch('/state.json')).json();
	for (const [vendor, base] of Object.entries(state.baseUrls)) column(vendor).base.textContent = base;
	clear();
	for (const request of state.requests) touch(request, false);
	// What was heard while the list was on its way is newer than the list.
	for (const request of heard) touch(request, true);
	if (loading === heard) loading = undefined;
}

const link = document.getElementById('link');
const live = new EventSource('/live');
live.onopen = () => { link.className = 'on'; link.textContent = 'live'; load(); };
live.onerror = () => { link.className = ''; link.textContent = 'the sandbox is gone; waiting for it'; };
live.addEventListener('request', (message) => {
	const request = JSON.parse(message.data);
	if (loading) loading.push(request);
	touch(request, true);
});
live.addEventListener('cleared', () => {
	if (loading) loading.length = 0;
	clear();
});
document.getElementById('only').addEventListener('change', (change) => document.body.classList.toggle('refused', change.target.checked));
</script>
</body>
</html>
`;
