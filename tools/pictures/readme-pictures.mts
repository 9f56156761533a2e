/** The pictures of README and of the packages' READMEs, and the short film of a first event. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';

import {
	closeToasts,
	credentialField,
	executeStep,
	firstEvent,
	newCredential,
	openNode,
	openWorkflow,
	output,
	saved,
	signedIn,
	test,
	type Theme,
} from '../../test/e2e/editing.mts';
import * as own from '../../test/e2e/workflows.mts';
import { manifestOf, typeOf, type VendorPackage } from '../packages/vendor-package.mts';
import { root } from '../scripts/ensure-n8n.mts';
import { exampleWorkflows } from '../scripts/real-n8n.mts';
import { hideToasts, POINTER, showCursor } from './cursor.mts';
import { gifOf } from './gif.mts';
import { atMost, partOf, scaledFrames, startRecorder, withoutPauses, type Recording } from './recorder.mts';
import type { CameraStage } from './stage.mts';
import { examplesFor } from './take.mts';

const folder = join(root, '.github', 'images');
/** GitHub and npm load it with the page. */
const MOST_BYTES = 2_000_000;
const FILM_WIDTH = 960;
/** A slow machine must not make a slow film. */
const MOST_SECONDS = 24;

interface Size {
	width: number;
	height: number;
}

/** The upper left part of an element, or all of it. */
async function shoot(page: Page, target: Locator, name: string, size?: Size): Promise<void> {
	await closeToasts(page);
	// What the mouse rests on is marked, and a row of the output changes what expressions show.
	await page.mouse.move(1, 1);
	const box = await target.boundingBox();
	if (!box) throw new Error(`${name}: what should be shown is not on the screen`);
	const clip = {
		x: box.x,
		y: box.y,
		width: Math.min(box.width, size?.width ?? Infinity),
		height: Math.min(box.height, size?.height ?? Infinity),
	};
	await page.screenshot({
		path: join(folder, `${name}.png`),
		clip,
		animations: 'disabled',
		style: `#${POINTER} { display: none }`,
	});
	console.log(`  ${name}.png`);
}

async function credentialPicture(page: Page, stage: CameraStage): Promise<void> {
	await newCredential(page, stage, 'MyTracker API');
	const values = stage.credentials.find(({ type }) => type === 'myTrackerApi')?.data ?? {};
	for (const [name, value] of Object.entries(values)) await credentialField(page, name).fill(String(value));
	await saved(page);
	await shoot(page, page.locator(test('editCredential-modal')), 'step-2-credential', {
		width: 980,
		height: 425,
	});
	// A new node takes the credential made last; the pictures show the imported one.
	const all = await stage.rest.get<Array<{ id: string }>>('/rest/credentials');
	for (const { id } of all.filter((one) => !stage.credentials.some((known) => known.id === one.id)))
		await stage.rest.remove(`/rest/credentials/${id}`);
}

async function searchPicture(page: Page, stage: CameraStage): Promise<void> {
	// Not the workflow of the film: n8n would tell the film that another tab has it open.
	await openWorkflow(page, stage, own.editorBad.id);
	await page.locator(test('canvas-handle-plus')).last().click();
	await page.locator(test('node-creator-search-bar')).fill('mytracker');
	const panel = page.locator(test('node-creator'));
	const wanted = panel.getByText('MyTracker Custom Event', { exact: true }).first();
	await wanted.waitFor();
	await page.waitForTimeout(700);
	// From the top of the panel down to the node that is to be chosen, with its whole description.
	const described = `*[@data-test-id="node-creator-item-description"]`;
	const description = wanted.locator(`xpath=ancestor::*[.//${described}][1]//${described}`);
	const [top, end] = [await panel.boundingBox(), await description.boundingBox()];
	const height = (end?.y ?? 0) + (end?.height ?? 0) + 16 - (top?.y ?? 0);
	await shoot(page, panel, 'step-1-add', { width: 384, height });
}

const FORM: Record<Theme, string> = { light: 'custom-event-form', dark: 'custom-event-form-dark' };

/** The pictures of one theme; returns what the page showed from the open workflow to the result. */
async function firstEventPictures(page: Page, stage: CameraStage, theme: Theme): Promise<Recording> {
	const recorder = await startRecorder(page);
	const moments: number[] = [];
	await firstEvent(page, stage, own.editor[theme].id, async (moment) => {
		moments.push(recorder.now());
		await page.waitForTimeout(1_000);
		if (moment === 'sent') await shoot(page, page.locator(test('ndv')), FORM[theme]);
		if (theme === 'dark') return;
		if (moment === 'filled')
			await shoot(page, page.locator(test('ndv')), 'step-4-form', { width: 990, height: 780 });
		if (moment === 'sent') await shoot(page, output(page), 'step-6-output', { width: 355, height: 240 });
	});
	const recording = await recorder.stop();
	return partOf(recording, moments[0] ?? 0, recording.duration);
}

async function film(browser: Browser, recording: Recording, { width, height }: Size): Promise<void> {
	const short = atMost(withoutPauses(recording, 1_000), MOST_SECONDS * 1_000);
	// The last picture is the one to read.
	const shown = { ...short, duration: short.duration + 3_000 };
	const size = { width: FILM_WIDTH, height: Math.round((FILM_WIDTH * height) / width) };
	for (const interval of [200, 300, 500, 800]) {
		const frames = await scaledFrames(browser, shown, { ...size, interval });
		const gif = gifOf(frames, size.width, size.height);
		if (gif.length > MOST_BYTES) continue;
		writeFileSync(join(folder, 'first-event.gif'), gif);
		const seconds = (shown.duration / 1_000).toFixed(1);
		console.log(
			`  first-event.gif: ${frames.length} frames, ${seconds} s, ${Math.round(gif.length / 1_000)} kB`,
		);
		return;
	}
	throw new Error('The film of the first event is larger than 2 MB');
}

async function errorPicture(page: Page, stage: CameraStage): Promise<void> {
	await openWorkflow(page, stage, own.editorBad.id);
	await openNode(page, 'MyTracker Custom Event');
	await executeStep(page);
	await output(page).getByText('Nothing was sent').first().waitFor();
	await page.waitForTimeout(500);
	await shoot(page, output(page), 'error-panel', { width: 350, height: 410 });
}

/** A node of the vendor that sends, in the shortest of its examples in which nothing is refused. */
async function vendorPicture(
	page: Page,
	stage: CameraStage,
	one: VendorPackage,
	sending: ReadonlySet<string>,
): Promise<void> {
	const workflows = exampleWorkflows().map(({ workflow }) => workflow);
	const nodes = one.nodes.filter((built) => sending.has(typeOf(built)));
	const examples = examplesFor({ name: manifestOf(root).name, nodes }, workflows);
	const sent = examples.filter(({ type, workflow }) =>
		workflow.nodes.every((node) => node.type !== type || node.onError === undefined),
	);
	const { type, workflow } = sent.reduce((best, other) =>
		JSON.stringify(other.workflow).length < JSON.stringify(best.workflow).length ? other : best,
	);
	await openWorkflow(page, stage, workflow.id);
	await openNode(page, workflow.nodes.find((node) => node.type === type)?.name ?? '');
	await executeStep(page);
	await output(page).getByText('accepted').first().waitFor();
	await page.waitForTimeout(700);
	await shoot(page, page.locator(test('ndv')), `${one.slug}-node`);
}

/** `sending`: names of the operations that send. */
export async function takeReadmePictures(
	browser: Browser,
	stage: CameraStage,
	packages: readonly VendorPackage[],
	sending: ReadonlySet<string>,
): Promise<void> {
	const { page: light } = await signedIn(browser, stage, 'light');
	await credentialPicture(light, stage);
	await searchPicture(light, stage);
	await showCursor(light);
	await hideToasts(light);
	const recording = await firstEventPictures(light, stage, 'light');
	const size = light.viewportSize() ?? { width: 1_400, height: 1_000 };
	await film(browser, recording, size);
	await errorPicture(light, stage);
	for (const one of packages) await vendorPicture(light, stage, one, sending);
	const { page: dark } = await signedIn(browser, stage, 'dark');
	await hideToasts(dark);
	await firstEventPictures(dark, stage, 'dark');
}
