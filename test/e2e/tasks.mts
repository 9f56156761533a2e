/**
 * Four tasks as somebody does them who has read README only, with every click counted: a node is added, its fields are
 * mapped and the step is run once. The sandbox says what arrived.
 */
import assert from 'node:assert/strict';

import type { Locator, Page } from 'playwright-core';

import type { StoredEvent, Vendor } from '../../tools/sandbox/server.mts';
import type { Checks } from './checks.mts';
import type { RunningStage } from './stage.mts';
import { tasks } from './workflows.mts';

const test = (id: string) => `[data-test-id="${id}"]`;

/** How the editor is used here; each call is one click or one drag of a person, `add` the three that add a node. */
export interface TaskEditor {
	open: (workflowId: string) => Promise<void>;
	add: (typed: string, displayName: string) => Promise<void>;
	drag: (field: string, parameter: string) => Promise<void>;
	execute: () => Promise<void>;
	shoot: (name: string) => Promise<void>;
}

class Clicks {
	count = 0;
	private readonly page: Page;
	private readonly editor: TaskEditor;

	constructor(page: Page, editor: TaskEditor) {
		this.page = page;
		this.editor = editor;
	}

	async begin(workflowId: string, typed: string, displayName: string): Promise<void> {
		await this.editor.open(workflowId);
		await this.editor.add(typed, displayName);
		this.count += 3;
		await this.click(this.page.locator(test('execute-previous-node')).first());
		await this.page
			.locator(`${test('ndv-input-panel')} [data-target="mappable"]`)
			.first()
			.waitFor();
	}

	async click(target: Locator): Promise<void> {
		await target.click();
		this.count++;
	}

	async drag(field: string, parameter: string): Promise<void> {
		await this.page.locator(test(`parameter-input-${parameter}`)).scrollIntoViewIfNeeded();
		await this.editor.drag(field, parameter);
		this.count++;
	}

	async type(parameter: string, text: string): Promise<void> {
		const box = this.page.locator(`${test(`parameter-input-${parameter}`)} :is(input, textarea)`).first();
		await this.click(box);
		await box.fill(text);
	}

	/** Switches a field to Expression and puts one in; `result`: a part of what n8n's preview then shows. */
	async expression(parameter: string, text: string, result: string): Promise<void> {
		const field = this.page.locator(test(`parameter-input-${parameter}`));
		await this.click(field);
		// Every field has such a switch above it.
		const item = field.locator('xpath=ancestor::*[.//*[@data-test-id="radio-button-expression"]][1]');
		await this.click(item.locator(test('radio-button-expression')));
		await this.click(field.locator('.cm-content'));
		await this.page.keyboard.insertText(text);
		// n8n takes an expression over when it has a result for it; whoever leaves the field earlier leaves it empty.
		await this.preview().filter({ hasText: result }).first().waitFor();
	}

	/** What an expression gives, as n8n shows it below the field. */
	private preview(): Locator {
		return this.page.locator('[data-reka-popper-content-wrapper]').filter({ hasText: 'Result' });
	}

	/** Clicks beside the fields, so that n8n's preview of an expression no longer covers what is below. */
	async clickBeside(heading: string): Promise<void> {
		const preview = this.preview();
		const beside = this.page.locator(test('ndv')).getByText(heading, { exact: true }).last();
		// It opens some time after the drop.
		await preview.first().waitFor();
		await this.click(beside);
		await preview.first().waitFor({ state: 'hidden' });
	}

	/** Chooses one entry of a list. */
	async choose(parameter: string, entry: string): Promise<void> {
		await this.click(this.page.locator(test(`parameter-input-${parameter}`)));
		await this.click(this.page.getByText(entry, { exact: true }).last());
	}

	/** Adds a field to a group; `group`: its place among the groups that are shown. */
	async addField(group: number, label: string): Promise<void> {
		const button = this.page.locator(test('ndv')).getByPlaceholder('Add Field').nth(group);
		await button.scrollIntoViewIfNeeded();
		await this.click(button);
		await this.click(this.page.getByText(label, { exact: true }).last());
	}

	async run(): Promise<void> {
		await this.editor.execute();
		this.count++;
		const panel = this.page.locator(test('output-panel'));
		await panel.getByText('accepted').first().waitFor();
	}
}

/** Clicks of the same tasks before this form, for comparison. */
const BEFORE = { registration: 22, upload: 12, purchase: 14, confirmation: 15 };

export async function checkTasks(
	{ check }: Checks,
	page: Page,
	{ sandbox }: RunningStage,
	editor: TaskEditor,
): Promise<void> {
	async function task(
		name: keyof typeof BEFORE,
		vendor: Vendor,
		most: number,
		work: (clicks: Clicks) => Promise<void>,
	): Promise<StoredEvent[]> {
		const before = sandbox.stored(vendor).length;
		const clicks = new Clicks(page, editor);
		await work(clicks);
		await clicks.run();
		await editor.shoot(`light-task-${name}`);
		process.stdout.write(`      ${name}: ${clicks.count} clicks, ${BEFORE[name]} before\n`);
		assert.ok(clicks.count <= most, `${clicks.count} clicks, at most ${most} were meant`);
		return sandbox.stored(vendor).slice(before);
	}

	await check('task: a MyTracker registration with date and gender, at the first run', async () => {
		const stored = await task('registration', 'myTracker', 14, async (clicks) => {
			await clicks.begin(tasks.registration.id, 'registration', 'MyTracker Registration');
			await clicks.drag('userId', 'customUserId');
			await clicks.addField(0, 'Event Time');
			await clicks.drag('signedUpAt', 'eventTimestamp');
			await clicks.clickBeside('Common Parameters');
			await clicks.addField(0, 'Gender');
			await clicks.drag('gender', 'idGender');
		});
		assert.deepEqual(
			stored.map(({ event }) => event),
			[{ customUserId: '1001', idGender: '2', eventTimestamp: '1795156200' }],
		);
	});

	await check('task: ten rows to AppMetrica with attributes, at the first run', async () => {
		const stored = await task('upload', 'appMetrica', 14, async (clicks) => {
			await clicks.begin(tasks.upload.id, 'appmetrica', 'AppMetrica Import Events');
			await clicks.type('event_name', 'order_paid');
			await clicks.drag('paidAt', 'event_timestamp');
			await clicks.drag('profile', 'profile_id');
			await clicks.click(page.getByText('Add Attribute', { exact: true }).first());
			await clicks.type('name', 'sum');
			await clicks.drag('sum', 'value');
		});
		assert.deepEqual(
			stored.map(({ event }) => [event.profile_id, event.event_name, event.event_json]),
			Array.from({ length: 10 }, (_, at) => [`user-${at}`, 'order_paid', `{"sum":"${at}99.00"}`]),
		);
	});

	await check('task: a Gravity Field purchase of two lines with a customer, at the first run', async () => {
		const stored = await task('purchase', 'gravityField', 19, async (clicks) => {
			await clicks.begin(tasks.purchase.id, 'gravity field', 'Gravity Field Store Event');
			await clicks.choose('type', 'Purchase');
			await clicks.type('name', 'Purchase');
			await clicks.drag('total', 'value');
			await clicks.type('currency', 'RUB');
			await clicks.drag('order', 'uniqueTransactionId');
			await clicks.expression(
				'cart',
				'{{ $json.lines.map(i => ({ productId: i.sku, quantity: i.qty, itemPrice: i.price })) }}',
				'SKU-1',
			);
			await clicks.clickBeside('User');
			await clicks.drag('customer', 'custom');
			await clicks.clickBeside('User');
			await clicks.drag('session', 'ses');
		});
		assert.equal(stored.length, 1);
		const { type, value, cart, uniqueTransactionId } = stored[0].event;
		assert.deepEqual(
			{ type, value, cart, uniqueTransactionId },
			{
				type: 'purchase-v1',
				value: 2999.85,
				cart: [
					{ productId: 'SKU-1', quantity: 2, itemPrice: 999.95 },
					{ productId: 'SKU-2', quantity: 1, itemPrice: 999.95 },
				],
				uniqueTransactionId: 'ORD-1',
			},
		);
	});

	await check('task: a Vibetrace confirmation of two items, at the first run', async () => {
		const stored = await task('confirmation', 'vibetrace', 12, async (clicks) => {
			await clicks.begin(tasks.confirmation.id, 'vibetrace', 'Vibetrace Send Event');
			await clicks.choose('type', 'Confirmation');
			await clicks.drag('buyer', 'email');
			await clicks.drag('lines', 'items');
			await clicks.drag('order', 'orderId');
			await clicks.drag('total', 'total');
		});
		assert.equal(stored.length, 1);
		const { type, items, generic } = stored[0].event;
		assert.deepEqual(
			{ type, items, generic },
			{
				type: 'confirmation',
				items: [
					{ id: '123123-M', quantity: 2 },
					{ id: '23423-XL', quantity: 1 },
				],
				generic: { orderId: 'ORD-2', total: 234.12, email: 'ana@example.com' },
			},
		);
	});
}
