/**
 * n8n's editor in Chromium, used as a person uses it. The pictures it takes are for the eye: what is clipped, unclear or
 * missing in them is a bug that no check here can see.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { Browser, Locator, Page } from 'playwright-core';

import { freePorts, packageJson } from '../../tools/scripts/real-n8n.mts';
import { launchBrowser } from './browser.mts';
import type { Checks } from './checks.mts';
import {
	addNode,
	closeToasts,
	credentialField,
	dragField,
	executeStep,
	firstEvent,
	newCredential,
	openNode,
	openWorkflow,
	output,
	saved,
	signedIn,
	test,
	VIEWPORT,
} from './editing.mts';
import type { Theme } from './editing.mts';
import { checkErrors } from './errors.mts';
import { checkTasks, type TaskEditor } from './tasks.mts';
import { screenshotFolder } from './stage.mts';
import type { RunningStage } from './stage.mts';
import * as ownWorkflows from './workflows.mts';

const { name: PACKAGE, n8n: listed } = packageJson();
const NODES = listed.nodes.join(' ');

/** What a user would type, and the node that must come of it. */
const SEARCHES: Array<[typed: string, className: string, displayName: string]> = [
	['custom event', 'MyTrackerCustomEvent', 'MyTracker Custom Event'],
	['выручка', 'MyTrackerCustomRevenue', 'MyTracker Custom Revenue'],
	['подписка', 'MyTrackerStorePayment', 'MyTracker Store Payment'],
	['возврат', 'MyTrackerOrder', 'MyTracker Order'],
	['my tracker', 'MyTrackerLogin', 'MyTracker Login'],
	['registration', 'MyTrackerRegistration', 'MyTracker Registration'],
	['app metrica', 'AppMetricaImportEvents', 'AppMetrica Import Events'],
	['appmetrica', 'AppMetricaImportEvents', 'AppMetrica Import Events'],
	['in-app purchase', 'AppMetricaImportRevenue', 'AppMetrica Import Revenue'],
	['ad revenue', 'AppMetricaImportAdRevenue', 'AppMetrica Import Ad Revenue'],
	['корзина', 'AppMetricaImportEcommerce', 'AppMetrica Import E-commerce'],
	['profile attributes', 'AppMetricaImportProfiles', 'AppMetrica Import Profiles'],
	['logs api', 'AppMetricaExportLogs', 'AppMetrica Export Logs'],
	['gravity field', 'GravityFieldStoreEvent', 'Gravity Field Store Event'],
	['gravityfield', 'GravityFieldStoreEvent', 'Gravity Field Store Event'],
	['segment', 'GravityFieldStoreUser', 'Gravity Field Store User'],
	['page view', 'GravityFieldStoreVisit', 'Gravity Field Store Visit'],
	['рекомендации', 'GravityFieldGetCampaign', 'Gravity Field Get Campaign'],
	['vibetrace', 'VibetraceSendEvent', 'Vibetrace Send Event'],
	['vibetrace', 'VibetraceCreateEvent', 'Vibetrace Create Event'],
	['подписка', 'VibetraceSaveUser', 'Vibetrace Save User'],
];

const shoot = async (page: Page | Locator, name: string) =>
	void (await page.screenshot({ path: join(screenshotFolder, `${name}.png`), animations: 'disabled' }));
const taskEditor = (page: Page, stage: RunningStage): TaskEditor => ({
	open: async (workflowId) => await openWorkflow(page, stage, workflowId),
	add: async (typed, displayName) => await addNode(page, typed, displayName),
	drag: async (field, parameter) => await dragField(page, field, parameter),
	execute: async () => {
		await closeToasts(page);
		await executeStep(page);
	},
	shoot: async (name) => {
		await closeToasts(page);
		await shoot(page.locator(test('ndv')), name);
	},
});

const errorPanels = (page: Page, stage: RunningStage): Parameters<typeof checkErrors>[2] => ({
	runNode: async (workflowId, nodeId) => {
		// A fresh page each time: run one after another, n8n's editor now and then loses its own run data.
		await page.goto(`${stage.n8n.url}/workflow/${workflowId}/${nodeId}`);
		await page.locator(test('ndv')).waitFor();
		await executeStep(page);
		return output(page);
	},
	shoot: async (name) => {
		await closeToasts(page);
		await shoot(page.locator(test('ndv')), name);
	},
});

async function fillAndRun(page: Page, stage: RunningStage, theme: Theme): Promise<void> {
	await firstEvent(page, stage, ownWorkflows.editor[theme].id, async (moment) => {
		switch (moment) {
			case 'added':
				return await shoot(page, `${theme}-form-empty`);
			case 'filled':
				return await shoot(page.locator(test('ndv')), `${theme}-step-4-form`);
			case 'sent':
				await shoot(page, `${theme}-form-run`);
				return await shoot(output(page), `${theme}-step-6-output`);
		}
	});
}

async function checkForm({ check }: Checks, page: Page, stage: RunningStage): Promise<void> {
	await check(
		'editor: add MyTracker Custom Event, drag a field in, run the step, read the output',
		async () => {
			const before = stage.sandbox.stored('myTracker').length;
			await fillAndRun(page, stage, 'light');
			assert.deepEqual(
				stage.sandbox
					.stored('myTracker')
					.slice(before)
					.map(({ event }) => event),
				[{ customUserId: '1001', customEventName: 'levelUp', customEventParams: { level: '2' } }],
			);
			for (const view of ['schema', 'json']) {
				await output(page)
					.locator(test(`radio-button-${view}`))
					.click();
				await shoot(page, `light-output-${view}`);
			}
			await page.keyboard.press('Escape');
			await page.waitForTimeout(1_000);
			await shoot(page, 'light-canvas');
		},
	);

	await check('editor: the error panel names the bad items and what to do', async () => {
		const before = stage.sandbox.requests.length;
		await openWorkflow(page, stage, ownWorkflows.editorBad.id);
		await openNode(page, 'MyTracker Custom Event');
		await executeStep(page);
		const panel = output(page);
		await panel.getByText('Nothing was sent').first().waitFor();
		const text = await panel.innerText();
		for (const part of ['Item 1 (row 2)', 'Item 2 (row 3)', 'Age', 'On Error'])
			assert.ok(text.includes(part), `"${part}" is not in: ${text}`);
		assert.equal(stage.sandbox.requests.length, before);
		await closeToasts(page);
		await shoot(page, 'light-error-panel');
	});

	await check('editor: set to continue, each item shows its own end', async () => {
		await page.locator(test('tab-settings')).click();
		await page.locator(test('parameter-input-onError')).click();
		await page.getByText('Continue', { exact: true }).last().click();
		await shoot(page, 'light-settings');
		await page.locator(test('tab-params')).click();
		await executeStep(page);
		for (const status of ['accepted', 'invalid', 'rejected'])
			await output(page).getByText(status).first().waitFor();
		await closeToasts(page);
		await shoot(page, 'light-output-mixed');
	});

	await check('editor: the whole form is there, and its groups offer their fields', async () => {
		await page.setViewportSize({ width: VIEWPORT.width, height: 1_800 });
		const form = page.locator(test('ndv'));
		for (const label of [
			'Event Parameters',
			'Common Parameters',
			'Mobile App Parameters',
			'Website Parameters',
			'Send As',
			'Options',
		]) {
			assert.ok(
				await form.getByText(label, { exact: true }).first().isVisible(),
				`${label} is not on the screen`,
			);
		}
		await shoot(page, 'light-form-tall');
		await form.getByPlaceholder('Add Option').last().click();
		for (const option of ['Batch Size', 'Longest Wait (Seconds)', 'When a Batch Is Refused'])
			await page.getByText(option, { exact: true }).last().waitFor();
		await shoot(page, 'light-form-options');
		await page.keyboard.press('Escape');
		await page.setViewportSize(VIEWPORT);
	});
}

async function checkSearch({ check }: Checks, page: Page, { n8n }: RunningStage): Promise<void> {
	await check('editor: the node panel finds each node by what a user would type', async () => {
		await page.goto(`${n8n.url}/workflow/new`);
		await page.locator(test('canvas-wrapper')).waitFor();
		await page.waitForTimeout(1_000);
		await page.keyboard.press('n');
		const missed: string[] = [];
		for (const [typed, className, displayName] of SEARCHES) {
			if (!NODES.includes(`/${className}.`)) continue;
			await page.locator(test('node-creator-search-bar')).fill(typed);
			const found = await page
				.getByText(displayName, { exact: true })
				.first()
				.waitFor({ timeout: 5_000 })
				.then(
					() => true,
					() => false,
				);
			if (!found) missed.push(`"${typed}" does not find ${displayName}`);
			await page.waitForTimeout(300);
			await shoot(page, `light-search-${typed.replace(/ /g, '-')}`);
		}
		await page.locator(test('node-creator-search-bar')).fill('mytracker');
		await page.getByText('MyTracker Custom Event', { exact: true }).first().waitFor();
		await page.waitForTimeout(500);
		await shoot(page.locator(test('node-creator')), 'light-step-1-add');
		assert.deepEqual(missed, []);
	});
}

/** The forms of the other vendors, only to look at. */
async function lookAtForms({ check }: Checks, page: Page, stage: RunningStage, theme: Theme): Promise<void> {
	// Opening one takes seconds, so one example for each node will do: the simple one, whose fields are mapped in the form.
	const seen = new Set<string>();
	const byLength = [...stage.examples].sort((one, other) => one.file.length - other.file.length);
	const examples = byLength.filter(({ workflow }) =>
		workflow.nodes.some(({ type }) => type.startsWith(`${PACKAGE}.`) && !seen.has(type) && seen.add(type)),
	);
	await check(
		`editor: an example of each node opens, the nodes have their icons, ${theme}`,
		async () => {
			const broken: string[] = [];
			page.on('response', (answer) => {
				if (answer.url().includes('/icons/') && answer.status() >= 400) broken.push(answer.url());
			});
			for (const { file, workflow } of examples) {
				await openWorkflow(page, stage, workflow.id);
				const own = workflow.nodes.filter(({ type }) => type.startsWith(`${PACKAGE}.`));
				for (const { name } of own) {
					const icon = page
						.locator(test('canvas-node'))
						.filter({ hasText: name })
						.last()
						.locator('img')
						.first();
					const width = await icon.evaluate((image) => (image as HTMLImageElement).naturalWidth);
					if (width === 0) broken.push(`${file}: ${name}`);
				}
				await shoot(page, `${theme}-example-${file.replace(/\.json$/, '')}`);
				if (theme === 'dark' || own.length === 0) continue;
				await openNode(page, own[0].name);
				await page.setViewportSize({ width: VIEWPORT.width, height: 1_800 });
				await page.waitForTimeout(700);
				await shoot(page, `${theme}-form-${file.replace(/\.json$/, '')}`);
				await page.setViewportSize(VIEWPORT);
			}
			assert.deepEqual(broken, []);
		},
		400,
	);
}

// ---------------------------------------------------------------------------------------------------------------------
// Credentials

/** Which field to spoil. */
const SPOILED: Record<string, string | undefined> = {
	myTrackerApi: 'token',
	appMetricaApi: 'postApiKey',
	gravityFieldApi: 'apiKey',
	vibetraceApi: 'apiKey',
};
/** Where the test goes, if not to the base URL: with an API key Vibetrace's asks the REST API. */
const TESTED: Record<string, string> = { vibetraceApi: 'apiBaseUrl' };
const LABELS: Record<string, string> = {
	myTrackerApi: 'MyTracker API',
	appMetricaApi: 'AppMetrica API',
	gravityFieldApi: 'Gravity Field API',
	vibetraceApi: 'Vibetrace API',
};

async function checkCredential(
	{ check }: Checks,
	page: Page,
	stage: RunningStage,
	type: string,
): Promise<void> {
	const { rest, credentials } = stage;
	const data = credentials.find((credential) => credential.type === type)?.data as
		Record<string, string> | undefined;
	if (!data) return;
	const field = (name: string) => credentialField(page, name);
	const closed = `http://127.0.0.1:${(await freePorts(1))[0]}`;

	await check(
		`editor: credential ${LABELS[type]}: good values pass the test, a bad key and a missing host do not`,
		async () => {
			await newCredential(page, stage, LABELS[type]);
			await shoot(page, `light-credential-${type}`);

			// The sandbox also has values of fields that no node needs yet.
			for (const [name, value] of Object.entries(data)) {
				if (await field(name).count()) await field(name).fill(value);
			}
			assert.match(await saved(page), /Connection tested successfully/);
			await shoot(page, `light-credential-${type}-good`);
			await shoot(page.locator(test('editCredential-modal')), `light-step-2-credential-${type}`);

			const spoiled = SPOILED[type];
			if (spoiled) {
				await field(spoiled).fill('not-the-key');
				const text = await saved(page);
				assert.match(text, /Couldn.t connect/);
				assert.match(text, /refused/, text);
				await closeToasts(page);
				await shoot(page, `light-credential-${type}-bad-key`);
				await field(spoiled).fill(data[spoiled]);
			}
			await field(TESTED[type] ?? 'baseUrl').fill(closed);
			assert.match(await saved(page), /Couldn.t connect/);
			await closeToasts(page);
			await shoot(page, `light-credential-${type}-no-host`);
		},
	);
	// A new node takes the credential made last, and this one leads nowhere.
	const left = (await rest.get<Array<{ id: string; type: string }>>('/rest/credentials')).filter(
		(credential) => credential.type === type && !credentials.some(({ id }) => id === credential.id),
	);
	for (const { id } of left) await rest.remove(`/rest/credentials/${id}`);
}

/** Checks that leave a picture of where they failed. */
function pictured({ check, ...rest }: Checks, page: Page): Checks {
	return {
		...rest,
		check: async (name, body, seconds) =>
			await check(
				name,
				async () => {
					try {
						await body();
					} catch (error) {
						await shoot(page, `failed-${name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()}`).catch(
							() => undefined,
						);
						throw error;
					}
				},
				seconds,
			),
	};
}

/** `wants`: whether a part was asked for: `editor`, `errors` or `tasks`. */
export async function checkEditor(
	checks: Checks,
	stage: RunningStage,
	wants: (part: string) => boolean,
): Promise<void> {
	let browser: Browser;
	try {
		browser = await launchBrowser();
	} catch (error) {
		checks.fail('editor: Chromium starts', error instanceof Error ? error.message : String(error));
		return;
	}
	try {
		let light: Page | undefined;
		if (
			!(await checks.check(
				'editor: the owner signs in',
				async () => void (light = (await signedIn(browser, stage, 'light')).page),
			)) ||
			!light
		)
			return;
		const inLight = pictured(checks, light);
		if (wants('errors')) await checkErrors(inLight, stage, errorPanels(light, stage));
		if (wants('tasks')) {
			await light.setViewportSize({ width: VIEWPORT.width, height: 1_800 });
			await checkTasks(inLight, light, stage, taskEditor(light, stage));
			await light.setViewportSize(VIEWPORT);
		}
		if (!wants('editor')) return;
		await checkSearch(inLight, light, stage);
		await checkForm(inLight, light, stage);
		await lookAtForms(inLight, light, stage, 'light');
		for (const type of Object.keys(LABELS)) await checkCredential(inLight, light, stage, type);

		const { page: dark } = await signedIn(browser, stage, 'dark');
		const inDark = pictured(checks, dark);
		await inDark.check(
			'editor: the same in the dark theme',
			async () => await fillAndRun(dark, stage, 'dark'),
		);
		await lookAtForms(inDark, dark, stage, 'dark');

		await inDark.check('editor: the sandbox’s page shows what arrived', async () => {
			await dark.goto(stage.sandbox.url);
			await dark.getByText('customEventBatch').first().waitFor();
			await shoot(dark, 'dark-sandbox');
		});
	} finally {
		await browser.close();
	}
}
