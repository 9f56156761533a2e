/** The packages of single vendors: generated and checked alone, then each in a real n8n that has nothing else. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { announcements } from '../../tools/demo/expectations.mts';
import { PACKAGES_FOLDER } from '../../tools/packages/manifest.mts';
import {
	manifestOf,
	typeOf,
	vendorPackages,
	type VendorPackage,
} from '../../tools/packages/vendor-package.mts';
import { projectNode, root } from '../../tools/scripts/ensure-n8n.mts';
import { runToEnd, tail } from '../../tools/scripts/processes.mts';
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
import type { N8nPlace, Workflow } from '../../tools/scripts/real-n8n.mts';
import type { Pack } from '../../tools/scripts/reference.mts';
import type { Checks } from './checks.mts';
import type { Stage } from './stage.mts';

/** The package's own copies of the examples; the shortest first. */
const examplesOf = ({ name }: VendorPackage): Array<{ file: string; workflow: Workflow }> => {
	const folder = join(root, PACKAGES_FOLDER, name, 'workflows');
	return readdirSync(folder)
		.filter((file) => file in announcements && !file.includes('-batch'))
		.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
		.sort((one, other) => one.text.length - other.text.length)
		.map(({ file, text }) => ({ file, workflow: JSON.parse(text) as Workflow }));
};

/** The trigger's pinned items come from a node instead: `n8n execute` knows no pinned data. */
function withItems(workflow: Workflow): Workflow {
	const [[trigger, items]] = Object.entries(workflow.pinData as Record<string, object[]>);
	const nodes = workflow.nodes.map((node) => (node.name === trigger ? { ...node, name: 'Start' } : node));
	const code = {
		id: 'items',
		name: trigger,
		type: 'n8n-nodes-base.code',
		typeVersion: 2,
		position: [0, 200],
		parameters: { jsCode: `return ${JSON.stringify(items)};` },
	};
	const toItems = { main: [[{ node: trigger, type: 'main', index: 0 }]] };
	return {
		...workflow,
		pinData: {},
		nodes: [...nodes, code],
		connections: { ...workflow.connections, Start: toItems },
	};
}

export async function checkAlone({ check }: Checks, stage: Stage, one: VendorPackage): Promise<void> {
	const tarball = join(root, '.tmp', PACKAGES_FOLDER, `${one.name}-${manifestOf(root).version}.tgz`);
	const [port, brokerPort] = await freePorts(2);
	const place: N8nPlace = {
		command: stage.place.command,
		userFolder: userFolderIn(join(root, '.tmp', 'e2e', one.slug)),
		port,
		brokerPort,
	};

	await check(
		`${one.name}: alone in n8n, its nodes are there and an example sends its events`,
		async () => {
			const installed = installPackage(tarball, place.userFolder);
			linkHostModules(place);
			const file = join(place.userFolder, 'nodes.json');
			const listed = await runN8n(place, ['export:nodes', `--output=${file}`]);
			assert.equal(listed.code, 0, tail(listed.output));
			const types = (JSON.parse(readFileSync(file, 'utf8')) as Array<{ name: string }>)
				.map(({ name }) => name)
				.filter((name) => !/^(n8n-nodes-base|@n8n\/)/.test(name));
			const own = one.nodes.map((built) => `${one.name}.${typeOf(built)}`);
			assert.deepEqual(types.sort(), own.flatMap((type) => [type, `${type}Tool`]).sort());

			const [example] = examplesOf(one);
			assert.ok(example, `${one.name} has no example`);
			const credentials = stage.credentials.filter(({ type }) =>
				one.credentials.some((built) => built.toLowerCase().includes(`/${type.toLowerCase()}.`)),
			);
			await importCredentials(place, credentials);
			const workflow = withSandboxCredentials(
				withItems(example.workflow),
				example.file,
				credentials,
				credentialOfNode(installed),
			);
			await importWorkflows(place, [workflow]);
			const before = stage.sandbox.requests.length;
			const { code, output } = await runN8n(place, ['execute', `--id=${workflow.id}`, '--rawOutput']);
			assert.equal(code, 0, tail(output));
			const stored = stage.sandbox.requests.slice(before).map((request) => request.stored);
			const announced = announcements[example.file];
			assert.equal(stored.length, announced?.requests);
			assert.ok(
				stored.every((count) => count > 0),
				`the vendor stored ${stored.join(', ')}`,
			);
		},
		600,
	);
}

export async function checkVendorPackages(checks: Checks, stage: Stage): Promise<void> {
	const passed = await checks.check(
		'packages: each is written, installed, built, linted, scanned, compared and run alone',
		async () => {
			const { code, output } = await runToEnd(
				{
					name: 'npm run packages',
					program: projectNode(),
					args: ['--no-warnings', join(root, 'tools', 'packages', 'packages.mts')],
					cwd: root,
					env: process.env,
				},
				3_000_000,
			);
			process.stdout.write(output.replace(/^/gm, '      '));
			assert.equal(code, 0, tail(output));
		},
		3_000,
	);
	if (!passed) return;
	const pack = createRequire(join(root, 'package.json'))('./dist/index.js') as Pack;
	for (const one of vendorPackages(root, pack)) await checkAlone(checks, stage, one);
}
