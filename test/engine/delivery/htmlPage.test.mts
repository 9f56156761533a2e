/** Which answers are pages: something between n8n and the vendor speaks, so that a success status proves nothing. */
import { describe, expect, test } from '@jest/globals';

import { isHtmlPage } from '../../../nodes/engine/delivery/htmlPage.ts';

const TYPED = 'text/html; charset=utf-8';

describe('a page', () => {
	test.each([
		'<html>',
		'\ufeff \n<!DOCTYPE\nhtml>',
		'<!-- a -->\n<!----><HTML lang="en">',
		'<?xml version="1.0"?><!DOCTYPE html><html>',
		'<head><title>Sign in</title>',
		'<body>',
	])('%j, whatever its type', (text) => {
		for (const type of [TYPED, '', 'text/plain', 'application/json', 'application/xml'])
			expect(isHtmlPage(type, text)).toBe(true);
	});

	test.each([
		'<script>location = "/login"</script>',
		'<SCRIPT src="/captcha.js">',
		'<meta http-equiv="refresh" content="0;url=/login">',
		'<title>Sign in</title>',
		'<h1>Welcome</h1>',
		'<br>',
		'<p>One moment</p>',
		'<!-- a --> <iframe src="/">',
	])('%j where no type is given that means something else', (text) => {
		for (const type of [TYPED, '', ' ', 'text/plain; charset=utf-8', 'application/octet-stream'])
			expect(isHtmlPage(type, text)).toBe(true);
		for (const type of ['application/json', 'image/gif', 'text/javascript'])
			expect(isHtmlPage(type, text)).toBe(false);
	});

	test.each(['Please <a href="/login">sign in</a>', 'One moment<br/>', 'Welcome <!-- a -->', ' <?php'])(
		'%j that is marked as HTML',
		(text) => {
			expect(isHtmlPage('TEXT/HTML', text)).toBe(true);
			expect(isHtmlPage('application/xhtml+xml', text)).toBe(true);
			expect(isHtmlPage('text/plain', text)).toBe(false);
		},
	);
});

describe('no page', () => {
	test.each(['', ' ', 'Your data has been uploaded.', 'a < b', '{"message":"<b>OK</b>"}', '["<p>"]'])(
		'%j marked as HTML, as servers mark any text',
		(text) => {
			expect(isHtmlPage(TYPED, text)).toBe(false);
		},
	);

	test.each([
		'<?xml version="1.0"?><ok/>',
		'<ok/>',
		'<!-- a -->',
		'<!-- no end <html>',
		'<htmlx>',
		'<broken',
		'<paid>',
		'<?xml',
		'stored <?xml version="1.0"?><html>',
	])('%j', (text) => {
		for (const type of ['', 'text/plain', 'application/xml']) expect(isHtmlPage(type, text)).toBe(false);
	});
});

test.each([
	['blanks', ' '.repeat(50_000_000), false],
	['a comment without an end', `<!--${'x'.repeat(50_000_000)}`, false],
	['a long comment before a page', `<!--${'x'.repeat(50_000_000)}--><html>`, true],
	['many comments before a page', `${'<!---->'.repeat(1_000_000)}<html>`, true],
])('%s of 50 MB at most break nothing', (_, text, isPage) => {
	expect(isHtmlPage('', text)).toBe(isPage);
});
