/** The lowest n8n that README promises: the package loads there and sends an event. Older ones lack `zod/v3`. */
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { ensureN8n, LOWEST, root, versionOf } from '../../tools/scripts/ensure-n8n.mts';
import {
	credentialOfNode,
	freePorts,
	importCredentials,
	importWorkflows,
	installPackage,
	linkHostModules,
	runN8n,
	userFolderIn,
	withSandboxCredentials,
} from '../../tools/scripts/real-n8n.mts';
import type { N8nPlace } from '../../tools/scripts/real-n8n.mts';
import { compareIn } from './expressions.mts';
import type { Checks } from './checks.mts';
import type { Stage } from './stage.mts';
import { checkOverTls, checkRefusingProxy } from './tls.mts';
import { execute, executeOnce } from './workflows.mts';

export async function checkLowest(
	{ check }: Checks,
	{ tarball, packageFolder, sandbox, credentials }: Stage,
): Promise<void> {
	const name = `lowest n8n, ${versionOf(LOWEST)}`;
	const [port, brokerPort] = await freePorts(2);
	const place: N8nPlace = {
		command: await ensureN8n(LOWEST),
		userFolder: userFolderIn(join(root, '.tmp', 'e2e', 'lowest')),
		port,
		brokerPort,
	};
	const installed = installPackage(tarball, place.userFolder);
	linkHostModules(place);
	await check(
		`${name}: the package loads and a workflow sends its event`,
		async () => {
			const version = await runN8n(place, ['--version']);
			assert.match(version.output, new RegExp(`^${versionOf(LOWEST).replaceAll('.', '\\.')}$`, 'm'));
			await importCredentials(place, credentials);
			await importWorkflows(place, [
				withSandboxCredentials(execute, execute.id, credentials, credentialOfNode(packageFolder)),
			]);

			const before = sandbox.stored('myTracker').length;
			const { code, output } = await runN8n(place, ['execute', `--id=${execute.id}`, '--rawOutput']);
			assert.equal(code, 0, output.slice(-2_000));
			assert.deepEqual(
				sandbox
					.stored('myTracker')
					.slice(before)
					.map(({ event }) => event),
				[{ customUserId: 'executed', customEventName: 'levelUp', customEventParams: { level: '7' } }],
			);
		},
		1_200,
	);
	await check(
		`${name}: an order is sent once, in whichever execution`,
		async () => {
			await importWorkflows(place, [
				withSandboxCredentials(executeOnce, executeOnce.id, credentials, credentialOfNode(packageFolder)),
			]);
			const before = sandbox.stored('myTracker').length;
			for (const expected of [/"request":\s*1/, /"duplicate":\s*true/]) {
				const { code, output } = await runN8n(place, ['execute', `--id=${executeOnce.id}`, '--rawOutput']);
				assert.equal(code, 0, output.slice(-2_000));
				assert.match(output, expected);
			}
			assert.equal(sandbox.stored('myTracker').length - before, 1);
		},
		1_200,
	);
	await check(
		`${name}: expressions evaluated together give what n8n gives`,
		async () => await compareIn(place, installed),
		1_200,
	);
	const far = { place, packageFolder, credentials };
	await check(
		`${name}: a proxy that refuses the connection is told as such, and nothing counts as stored`,
		async () => await checkRefusingProxy(far),
		1_200,
	);
	await check(
		`${name}: a vendor behind TLS takes an event, and its refusal is told as its own`,
		async () => await checkOverTls(far),
		1_200,
	);
}
