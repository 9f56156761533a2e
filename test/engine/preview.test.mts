import { describe, expect, test } from '@jest/globals';

import { previewItems } from '../../nodes/engine/preview.ts';
import type { WireForm } from '../../nodes/engine/operation/operation.ts';
import { batchesOf, destination, prepared, toy } from '../support/fakeVendor.mts';

const SECRET = 'secret-token-0123456789';
const target = destination({ appId: '1' });
target.credential.secrets = [SECRET];

async function bodyShown(body: Buffer): Promise<{ body: string; bytes: number }> {
	const form: WireForm = {
		...toy.batch,
		request: () => ({ method: 'POST', url: 'https://fake.example', headers: {}, body }),
	};
	const [batch] = batchesOf([prepared(0, { target })]);
	const [{ json }] = await previewItems(batch, toy, form, () => 0);
	return json.request as { body: string; bytes: number };
}

describe('the body in a preview', () => {
	test('a short one is shown whole', async () => {
		expect(await bodyShown(Buffer.from('[{"a":"ы😀"}]'))).toMatchObject({ body: '[{"a":"ы😀"}]', bytes: 16 });
		expect((await bodyShown(Buffer.from('x'.repeat(1_000_000)))).body).toHaveLength(1_000_000);
	});

	test.each(['x', 'ы', '€', '😀'])('a long one of %s is cut at a million characters', async (character) => {
		const text = character.repeat(2_000_000);
		const shown = await bodyShown(Buffer.from(text));
		expect(shown.body).toBe(text.slice(0, 1_000_000));
		expect(shown.bytes).toBe(Buffer.byteLength(text));
	});

	test('one above 512 MB, longer than any text may be, shows its first megabyte', async () => {
		const body = Buffer.alloc(540_000_000);
		body.write('first', 0);
		expect(() => body.toString('utf8')).toThrow();
		const shown = await bodyShown(body);
		expect([shown.body.length, shown.body.slice(0, 5), shown.bytes]).toEqual([
			1_000_000,
			'first',
			540_000_000,
		]);
	});

	test('no part of a secret is shown, wherever the cut goes through it', async () => {
		for (let shift = 0; shift < SECRET.length; shift++) {
			const body = Buffer.from('y'.repeat(shift) + SECRET.repeat(200_000));
			const shown = await bodyShown(body);
			expect(shown.body.replace(/^y*/, '').replaceAll('***', '')).toMatch(/^\*{0,2}$/);
		}
	});
});
