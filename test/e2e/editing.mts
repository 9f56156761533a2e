/** What a person does in n8n's editor, for the end-to-end test and for the pictures of README. */
import assert from 'node:assert/strict';

import type { Browser, BrowserContext, Page } from 'playwright-core';

import type { RunningStage } from './stage.mts';

/** A running n8n and who signs in there. */
type Editor = Pick<RunningStage, 'n8n' | 'owner'>;

export type Theme = 'light' | 'dark';

export const test = (id: string) => `[data-test-id="${id}"]`;
export const VIEWPORT = { width: 1400, height: 1000 };

/** Green and red notes at the corner, which hide what lies below. */
export const closeToasts = async (page: Page) => {
	for (const button of await page.locator('.el-notification__closeBtn:visible').all())
		await button.click({ timeout: 2_000 }).catch(() => undefined);
};

export async function signedIn(
	browser: Browser,
	{ n8n, owner }: Editor,
	colorScheme: Theme,
): Promise<{ context: BrowserContext; page: Page }> {
	const context = await browser.newContext({ viewport: VIEWPORT, colorScheme });
	const page = await context.newPage();
	page.setDefaultTimeout(45_000);
	// n8n asks before a page with unsaved changes is left: they are given up. A page that was closed asks no more.
	page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
	await page.goto(`${n8n.url}/signin`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(owner.email);
	await page.locator('input[type="password"]').fill(owner.password);
	await page.locator(test('form-submit-button')).click();
	await page.waitForURL((url) => !url.pathname.includes('signin'));
	return { context, page };
}

export async function openWorkflow(page: Page, { n8n }: Editor, id: string): Promise<void> {
	await page.goto(`${n8n.url}/workflow/${id}`);
	await page.locator(test('canvas-node')).first().waitFor();
	// The canvas fits itself to the window; clicking while it moves misses.
	await page.waitForTimeout(1_500);
}

export async function openNode(page: Page, name: string): Promise<void> {
	await page.locator(test('canvas-node')).filter({ hasText: name }).last().dblclick();
	await page.locator(test('ndv')).waitFor();
}

export async function addNode(page: Page, typed: string, displayName: string): Promise<void> {
	await page.locator(test('canvas-handle-plus')).last().click();
	await page.locator(test('node-creator-search-bar')).fill(typed);
	await page.locator(test('node-creator')).getByText(displayName, { exact: true }).first().click();
	// A community package shows its details first.
	await page.getByText('Add to workflow').click();
	await page.locator(test('ndv')).waitFor();
}

/** Drags a field of the input panel onto a parameter, again if the editor was still busy and took it for no drop. */
export async function dragField(page: Page, field: string, parameter: string): Promise<void> {
	const dropped = page
		.locator(test(`parameter-input-${parameter}`))
		.getByText('{{')
		.first();
	for (let tries = 1; ; tries++) {
		await dragOnce(page, field, parameter);
		try {
			return await dropped.waitFor({ timeout: 5_000 });
		} catch (error) {
			if (tries === 3)
				throw new Error(`${field} was dropped on ${parameter} and is not there`, { cause: error });
		}
	}
}

/** One drag, with the small steps by which n8n knows it. */
async function dragOnce(page: Page, field: string, parameter: string): Promise<void> {
	const from = await page
		.locator(`${test('ndv-input-panel')} [data-target="mappable"]`)
		.filter({ hasText: field })
		.first()
		.boundingBox();
	const to = await page.locator(test(`parameter-input-${parameter}`)).boundingBox();
	assert.ok(from && to, `${field} or ${parameter} is not on the screen`);
	await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
	await page.mouse.down();
	await page.mouse.move(from.x + from.width / 2 + 30, from.y + from.height / 2 + 20, { steps: 10 });
	await page.mouse.move(to.x + 60, to.y + to.height / 2, { steps: 20 });
	await page.waitForTimeout(300);
	await page.mouse.up();
}

export const executeStep = async (page: Page) => await page.locator(test('node-execute-button')).click();
export const output = (page: Page) => page.locator(test('output-panel'));

/** What can be looked at while a first event is sent. */
export type Moment = 'opened' | 'added' | 'filled' | 'sent';

/** README's first event: the node is added to a workflow with one player, filled in and run. */
export async function firstEvent(
	page: Page,
	editor: Editor,
	workflowId: string,
	at: (moment: Moment) => Promise<void>,
): Promise<void> {
	await openWorkflow(page, editor, workflowId);
	await at('opened');
	await addNode(page, 'custom event', 'MyTracker Custom Event');
	await at('added');
	await page.locator(test('execute-previous-node')).first().click();
	await page
		.locator(`${test('ndv-input-panel')} [data-target="mappable"]`)
		.first()
		.waitFor();
	await closeToasts(page);
	await page.locator(`${test('parameter-input-customEventName')} input`).fill('levelUp');
	await dragField(page, 'userId', 'customUserId');
	await page.getByText('{{ $json.userId }}').first().waitFor();
	await page
		.locator(test('fixed-collection-add'))
		.or(page.getByRole('button', { name: 'Add Parameter' }))
		.first()
		.click();
	const parameters = page.locator(`${test('fixed-collection-customEventParams')} input`);
	await parameters.first().fill('level');
	await parameters.nth(1).fill('2');
	await closeToasts(page);
	await at('filled');
	await executeStep(page);
	await output(page).getByText('accepted').first().waitFor();
	await page.waitForTimeout(500);
	await closeToasts(page);
	await at('sent');
}

export const credentialField = (page: Page, name: string) =>
	page.locator(`${test(`parameter-input-${name}`)} input`);

export async function openCredentials(page: Page, { n8n }: Editor): Promise<void> {
	await page.goto(`${n8n.url}/home/credentials`);
	await page.locator(test('add-resource-credential')).waitFor();
}

export async function newCredential(page: Page, editor: Editor, label: string): Promise<void> {
	await openCredentials(page, editor);
	await addCredential(page, label);
}

/** Opens the dialog of a new credential, on the page of credentials; `label`: the type's display name. */
export async function addCredential(page: Page, label: string): Promise<void> {
	await page.locator(test('add-resource-credential')).click();
	await page.locator(test('new-credential-type-select')).waitFor();
	await page.keyboard.type(label, { delay: 20 });
	await page.locator(test('new-credential-type-select-option')).filter({ hasText: label }).first().click();
	// The dialog opens before n8n has found a name for the new credential, and cannot save without one.
	const named = page.waitForResponse((answer) => answer.url().includes('/rest/credentials/new'));
	await page.locator(test('new-credential-type-button')).click();
	await credentialField(page, 'baseUrl').waitFor();
	await named;
}

/** Saves, which makes n8n test; returns what the dialog says then. */
export async function saved(page: Page): Promise<string> {
	const dialog = page.locator(test('editCredential-modal'));
	const tested = page.waitForResponse((answer) => answer.url().endsWith('/rest/credentials/test'));
	await page.locator(test('credential-save-button')).click();
	const { data } = (await (await tested).json()) as { data: { status: string; message: string } };
	await dialog
		.getByText(
			data.status === 'OK' ? 'Connection tested successfully' : /Couldn.t connect with these settings/,
		)
		.first()
		.waitFor();
	if (data.status !== 'OK') {
		// Once opened, the details of the next failure are open too.
		if (await dialog.getByText('More details').isVisible()) await dialog.getByText('More details').click();
		await dialog.getByText(data.message).first().waitFor();
	}
	return (await dialog.innerText()).replace(/\s+/g, ' ');
}
