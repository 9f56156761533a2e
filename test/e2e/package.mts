/** The package as n8n's production loader sees it: nodes, tool twins, credentials, icons. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { projectNode } from '../../tools/scripts/ensure-n8n.mts';
import { packageJson, runN8n } from '../../tools/scripts/real-n8n.mts';
import type { Checks } from './checks.mts';
import type { RunningStage, Stage } from './stage.mts';

type IconUrl = string | { light: string; dark: string };
type NodeType = {
	name: string;
	displayName: string;
	description: string;
	iconUrl?: IconUrl;
	codex?: { categories?: string[]; alias?: string[] };
	outputs: unknown;
	credentials?: Array<{ name: string }>;
	usableAsTool?: unknown;
};
type CredentialType = { name: string; displayName: string; iconUrl?: IconUrl; supportedNodes?: string[] };

const { name: PACKAGE, n8n: listed } = packageJson();
const classOf = (path: string) => path.split('/').at(-1)!.split('.')[0];
const camel = (className: string) => className[0].toLowerCase() + className.slice(1);
const nodeTypes = listed.nodes.map((path) => `${PACKAGE}.${camel(classOf(path))}`);
const credentialTypes = listed.credentials.map((path) => camel(classOf(path)));

/** Loads every file with n8n's modules alone: this project's own would hide an import that users do not have. */
function loadOutside({ place, tarball }: Stage): void {
	const script = place.command.args[0];
	if (script === undefined) return;
	const folder = mkdtempSync(join(tmpdir(), 'server-events-'));
	try {
		const unpacked = spawnSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], {
			encoding: 'utf8',
		});
		assert.equal(unpacked.status, 0, unpacked.stderr);
		const load = `for (const path of ${JSON.stringify([...listed.nodes, ...listed.credentials])}) {
			const name = path.split('/').at(-1).split('.')[0];
			new (require('./' + path)[name])();
		}
		require('./');`;
		const loaded = spawnSync(projectNode(), ['-e', load], {
			cwd: folder,
			encoding: 'utf8',
			env: {
				PATH: process.env.PATH,
				NODE_PATH: (createRequire(script).resolve.paths('zod') ?? []).join(delimiter),
			},
		});
		assert.equal(loaded.status, 0, loaded.stderr);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export async function checkPackage({ check }: Checks, stage: Stage): Promise<void> {
	await check('package: every file of the tarball loads with n8n’s own modules and nothing else', async () =>
		loadOutside(stage),
	);

	await check(
		`package: n8n’s loader finds its ${nodeTypes.length} nodes and their tool twins (export:nodes)`,
		async () => {
			const file = join(stage.place.userFolder, 'nodes.json');
			const { code, output } = await runN8n(stage.place, ['export:nodes', `--output=${file}`]);
			assert.equal(code, 0, output);
			const types = (JSON.parse(readFileSync(file, 'utf8')) as NodeType[]).filter(({ name }) =>
				name.startsWith(`${PACKAGE}.`),
			);
			rmSync(file);
			assert.deepEqual(
				types.map(({ name }) => name).sort(),
				nodeTypes.flatMap((name) => [name, `${name}Tool`]).sort(),
			);
			for (const type of types) {
				assert.ok(type.codex?.categories?.length, `${type.name} has no codex: is its .node.json packed?`);
				assert.ok(
					type.credentials?.every(({ name }) => credentialTypes.includes(name)),
					`${type.name} names a credential that the package does not have`,
				);
				if (type.name.endsWith('Tool')) assert.deepEqual(type.outputs, ['ai_tool']);
				else assert.ok(type.codex.alias?.length, `${type.name} has no search words`);
			}
		},
	);
}

const urlsOf = (icon: IconUrl | undefined) =>
	icon === undefined ? [] : typeof icon === 'string' ? [icon] : [icon.light, icon.dark];

/** What the browser asks for when the editor opens. */
export async function checkServedTypes({ check }: Checks, { n8n, rest }: RunningStage): Promise<void> {
	await check(
		`package: nodes, twins and ${credentialTypes.length} credential type(s) are served to the editor, each with a light and a dark icon`,
		async () => {
			const nodes = (await rest.get<NodeType[]>('/types/nodes.json')).filter(({ name }) =>
				name.startsWith(`${PACKAGE}.`),
			);
			const credentials = (await rest.get<CredentialType[]>('/types/credentials.json')).filter(({ name }) =>
				credentialTypes.includes(name),
			);
			assert.equal(nodes.length, nodeTypes.length * 2);
			assert.equal(credentials.length, credentialTypes.length);
			for (const { name, iconUrl } of [...nodes, ...credentials])
				assert.equal(urlsOf(iconUrl).length, 2, `${name} has no pair of icons`);
			for (const { name, supportedNodes } of credentials)
				assert.ok(supportedNodes?.length, `no node uses the credential ${name}`);
			for (const path of new Set([...nodes, ...credentials].flatMap(({ iconUrl }) => urlsOf(iconUrl)))) {
				const answer = await fetch(`${n8n.url}/${path}`, { headers: { cookie: rest.cookie } });
				assert.equal(answer.status, 200, path);
				assert.match(answer.headers.get('content-type') ?? '', /^image\/svg\+xml/, path);
				assert.match(await answer.text(), /<svg/, path);
			}
		},
	);

	await check('package: n8n had no complaint about it at start', async () => {
		const complaints = n8n
			.log()
			.split('\n')
			.filter((line) => line.includes(PACKAGE) && /error|warn|fail|missing|could not/i.test(line));
		assert.deepEqual(complaints, []);
	});
}
