/**
 * The film that n8n's verification asks for, of the package of one vendor: in one take of less than five minutes the
 * credential passes its test, a node is added by its search, and each operation works.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

import type { ICredentialType } from 'n8n-workflow';
import type { Browser, Page } from 'playwright-core';

import {
	addCredential,
	closeToasts,
	credentialField,
	executeStep,
	openCredentials,
	openNode,
	output,
	saved,
	signedIn,
	test,
	VIEWPORT,
} from '../../test/e2e/editing.mts';
import * as own from '../../test/e2e/workflows.mts';
import { typeOf, type VendorPackage } from '../packages/vendor-package.mts';
import { root } from '../scripts/ensure-n8n.mts';
import type { Workflow } from '../scripts/real-n8n.mts';
import { showCursor } from './cursor.mts';
import { encodeVideo, playedBack, startRecorder } from './recorder.mts';
import type { CameraStage } from './stage.mts';

const MOST_SECONDS = 300;
/** Long enough to read what has changed, and to read a result. */
const LOOK = 1_800;
const READ = 3_500;

const labelOf = (built: string): { type: string; label: string } => {
	const load = createRequire(join(root, 'package.json'));
	const className = basename(built).split('.')[0] ?? '';
	const Credential = (load(`./${built}`) as Record<string, new () => ICredentialType>)[className];
	if (!Credential) throw new Error(`${built} has no class ${className}`);
	const { name, displayName } = new Credential();
	return { type: name, label: displayName };
};

/** As people go: by the list of workflows, since loading the editor anew shows white pages for seconds. */
async function openFromList(page: Page, name: string): Promise<void> {
	await page.locator(test('project-home-menu-item')).click();
	const listed = page.locator(test('resources-list-item-workflow')).getByText(name, { exact: true });
	await listed.first().waitFor();
	await page.waitForTimeout(LOOK / 2);
	await listed.first().click();
	await page.locator(test('canvas-node')).first().waitFor();
	// The canvas fits itself to the window; clicking while it moves misses.
	await page.waitForTimeout(LOOK);
}

const closeNode = async (page: Page): Promise<void> => await page.locator(test('ndv-close-button')).click();

async function testCredential(page: Page, stage: CameraStage, built: string): Promise<void> {
	const { type, label } = labelOf(built);
	const values = stage.credentials.find((one) => one.type === type)?.data ?? {};
	await addCredential(page, label);
	for (const [name, value] of Object.entries(values)) {
		const field = credentialField(page, name);
		if (await field.count()) await field.fill(String(value));
	}
	const said = await saved(page);
	if (!said.includes('Connection tested successfully'))
		throw new Error(`The test of ${label} failed: ${said}`);
	await page.waitForTimeout(READ);
	await page.locator(test('editCredential-modal')).getByRole('button', { name: 'Close this dialog' }).click();
}

async function searchNode(page: Page, vendor: string): Promise<void> {
	await openFromList(page, own.editor.light.name);
	await page.locator(test('canvas-handle-plus')).last().click();
	await page.locator(test('node-creator-search-bar')).pressSequentially(vendor.toLowerCase(), { delay: 90 });
	await page.waitForTimeout(LOOK);
	await page
		.locator(test('node-creator'))
		.getByText(new RegExp(`^${vendor} `))
		.first()
		.click();
	await page.getByText('Add to workflow').click();
	await page.locator(test('ndv')).waitFor();
	await page.waitForTimeout(LOOK);
	await closeNode(page);
}

async function runExample(page: Page, workflow: Workflow, type: string): Promise<void> {
	const node = workflow.nodes.find((one) => one.type === type);
	if (!node) throw new Error(`${workflow.name} has no ${type}`);
	await openFromList(page, workflow.name);
	await openNode(page, node.name);
	await page.waitForTimeout(LOOK);
	await executeStep(page);
	await output(page)
		.getByText(/accepted|found/)
		.first()
		.waitFor();
	await closeToasts(page);
	// A row of the output under the mouse changes what expressions show.
	await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
	await page.waitForTimeout(READ);
	await closeNode(page);
}

/** For each node the shortest of the examples that use it. */
export function examplesFor(
	{ name, nodes }: Pick<VendorPackage, 'name' | 'nodes'>,
	workflows: readonly Workflow[],
): Array<{ type: string; workflow: Workflow }> {
	const byLength = [...workflows].sort(
		(one, other) => JSON.stringify(one).length - JSON.stringify(other).length,
	);
	return nodes.map((built) => {
		const type = `${name}.${typeOf(built)}`;
		const workflow = byLength.find((one) => one.nodes.some((node) => node.type === type));
		if (!workflow) throw new Error(`No example uses ${type}`);
		return { type, workflow };
	});
}

export async function recordTake(
	browser: Browser,
	stage: CameraStage,
	one: VendorPackage,
	workflows: readonly Workflow[],
	file: string,
): Promise<void> {
	const { page } = await signedIn(browser, stage, 'light');
	await showCursor(page);
	// The film begins with a page that is there.
	await openCredentials(page, stage);
	await page
		.getByText(stage.credentials[0]?.name ?? '')
		.first()
		.waitFor();
	const recorder = await startRecorder(page);
	for (const built of one.credentials) await testCredential(page, stage, built);
	await searchNode(page, one.vendor);
	for (const { type, workflow } of examplesFor(one, workflows)) await runExample(page, workflow, type);
	const recording = await recorder.stop();
	if (recording.duration > MOST_SECONDS * 1_000)
		throw new Error(
			`The take is ${Math.round(recording.duration / 1_000)} s long, ${MOST_SECONDS} are allowed`,
		);
	const webm = await encodeVideo(browser, recording, VIEWPORT);
	const { seconds, pictures } = await playedBack(browser, webm);
	if (Math.abs(seconds * 1_000 - recording.duration) > 2_000)
		throw new Error(`The film plays ${seconds} s, the take was ${recording.duration / 1_000} s`);
	// Each node is at least on a canvas, in its form and with a result.
	if (pictures < 3 * one.nodes.length) throw new Error(`The film shows only ${pictures} different pictures`);
	writeFileSync(file, webm);
	const size = (webm.length / 1_000_000).toFixed(1);
	console.log(
		`  ${file.slice(root.length + 1)}: ${seconds.toFixed(0)} s, ${size} MB, ${one.nodes.length} operations, ${recording.shots.length} frames`,
	);
}
