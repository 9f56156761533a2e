/**
 * Runs n8n's community lint on descriptions that are built at run time.
 *
 * The rules about wording and shape read literals only, so fields that come from a table escape them. Here a produced
 * description is written out as the literal class it stands for, in a temporary folder laid out like a package, and the
 * very configuration that `n8n-node lint` uses runs on it.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';

export interface LintFinding {
	rule: string;
	message: string;
	severity: 'error' | 'warning';
	/** Line of the written source, and that line, to find the field again. */
	line: number;
	text: string;
}

export interface LintSubject {
	/** Class name and file name before the first dot, e.g. `MyTrackerLogin` or `MyTrackerApi`. */
	fileBaseName: string;
	node?: INodeTypeDescription;
	credential?: ICredentialType;
}

const icon =
	'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><rect width="60" height="60"/></svg>\n';

/** Keys that n8n's loader writes into a description; no author writes them. */
const loaderKeys = [
	'communityNodePackageVersion',
	'codex',
	'iconUrl',
	'iconBasePath',
	'__loadOptionsMethods',
	'supportedNodes',
	'toJSON',
];

/** A value as TypeScript source with bare keys: the rules look for identifiers, not for quoted keys. */
export function asSource(value: unknown, indent = ''): string {
	if (typeof value === 'string') {
		const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
		return `'${escaped}'`;
	}
	if (typeof value === 'bigint') return `${value}n`;
	if (value === null || typeof value !== 'object') return String(value);
	const inner = `${indent}\t`;
	if (Array.isArray(value)) {
		if (value.length === 0) return '[]';
		return `[\n${value.map((entry) => `${inner}${asSource(entry, inner)},\n`).join('')}${indent}]`;
	}
	const entries = Object.entries(value).filter(
		([, entry]) => entry !== undefined && typeof entry !== 'function',
	);
	if (entries.length === 0) return '{}';
	const lines = entries.map(([key, entry]) => {
		const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : asSource(key);
		return `${inner}${name}: ${asSource(entry, inner)},\n`;
	});
	return `{\n${lines.join('')}${indent}}`;
}

function connections(value: unknown): string {
	if (!Array.isArray(value)) return asSource(value, '\t\t');
	const names: Record<string, string> = {
		main: 'NodeConnectionTypes.Main',
		ai_tool: 'NodeConnectionTypes.AiTool',
	};
	return `[${value.map((entry) => (typeof entry === 'string' && names[entry]) || asSource(entry, '\t\t\t')).join(', ')}]`;
}

function withoutLoaderKeys(subject: object): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(subject).filter(([key, value]) => !loaderKeys.includes(key) && value !== undefined),
	);
}

const stubIcon = { light: 'file:icon.svg', dark: 'file:icon.dark.svg' };

/** Icons of the description as `file:` paths; a loaded description has lost them and gets stand-ins. */
function iconPaths(value: unknown): string[] {
	const values = typeof value === 'string' ? [value] : Object.values((value ?? {}) as Record<string, string>);
	return values.filter((path) => path.startsWith('file:')).map((path) => path.slice('file:'.length));
}

function nodeSource(fileBaseName: string, description: INodeTypeDescription): string {
	const { inputs, outputs, ...rest } = withoutLoaderKeys(description) as unknown as INodeTypeDescription;
	const literal = asSource({ icon: stubIcon, ...rest, inputs: 'INPUTS', outputs: 'OUTPUTS' }, '\t')
		.replace("'INPUTS'", () => connections(inputs))
		.replace("'OUTPUTS'", () => connections(outputs));
	return `import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';

export class ${fileBaseName} implements INodeType {
	description: INodeTypeDescription = ${literal};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}
`;
}

function credentialSource(fileBaseName: string, credential: ICredentialType): string {
	const fields = { icon: stubIcon, ...withoutLoaderKeys(credential) } as Record<string, unknown>;
	const types: Record<string, string> = {
		icon: 'Icon',
		properties: 'INodeProperties[]',
		test: 'ICredentialTestRequest',
		authenticate: 'IAuthenticateGeneric',
	};
	const lines = Object.entries(fields)
		.filter(([, value]) => typeof value !== 'function')
		.map(([key, value]) => `\t${key}${types[key] ? `: ${types[key]}` : ''} = ${asSource(value, '\t')};\n\n`);
	const method =
		typeof credential.authenticate === 'function'
			? `	async authenticate(
		_credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		return requestOptions;
	}
`
			: '';
	const body = `export class ${fileBaseName} implements ICredentialType {
${lines.join('')}${method}}
`;
	const used = [
		'Icon',
		'ICredentialTestRequest',
		'IAuthenticateGeneric',
		'ICredentialDataDecryptedObject',
		'IHttpRequestOptions',
		'INodeProperties',
		'ICredentialType',
	];
	const names = used.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
	return `import type { ${names.join(', ')} } from 'n8n-workflow';\n\n${body}`;
}

/** A credential that a node names must exist in its package, else the lint stops at that. */
function credentialStub(name: string, className: string): string {
	return credentialSource(className, {
		name,
		displayName: 'Stub API',
		documentationUrl: 'https://example.com/docs',
		properties: [],
		test: { request: { baseURL: 'https://example.com', url: '/' } },
	});
}

/** Writes the subjects out and lints them in one go; findings in the order of the subjects. */
export async function lintSubjects(subjects: LintSubject[]): Promise<LintFinding[][]> {
	const root = process.cwd();
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-descriptions-')));
	const write = (path: string, text: string) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	};
	try {
		const n8n = { n8nNodesApiVersion: 1, strict: true, nodes: [] as string[], credentials: [] as string[] };
		const credentialFiles = new Map<string, string>();
		const files = subjects.map(({ fileBaseName, node, credential }) => {
			const path = node
				? `nodes/Subject/${fileBaseName}/${fileBaseName}.node.ts`
				: `credentials/${fileBaseName}.credentials.ts`;
			const here = dirname(join(folder, path));
			for (const file of [...iconPaths(node?.icon ?? credential?.icon), ...iconPaths(stubIcon)]) {
				const target = relative(folder, resolve(here, file));
				if (!target.startsWith('..')) write(target, icon);
			}
			if (node) {
				write(path, nodeSource(fileBaseName, node));
				n8n.nodes.push(`dist/${path.replace(/\.ts$/, '.js')}`);
				for (const { name } of node.credentials ?? []) {
					const className = name.charAt(0).toUpperCase() + name.slice(1);
					if (!credentialFiles.has(className))
						credentialFiles.set(className, credentialStub(name, className));
				}
			} else if (credential) {
				credentialFiles.set(fileBaseName, credentialSource(fileBaseName, credential));
			}
			return path;
		});
		for (const [className, source] of credentialFiles) {
			write(`credentials/${className}.credentials.ts`, source);
			n8n.credentials.push(`dist/credentials/${className}.credentials.js`);
		}
		write(
			'package.json',
			JSON.stringify({ name: 'n8n-nodes-lint-subject', version: '0.1.0', n8n }, null, '\t'),
		);
		write('eslint.config.mjs', "import { config } from '@n8n/node-cli/eslint';\n\nexport default config;\n");
		symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');

		const worker = join(root, 'test/support/lint-worker.mjs');
		const { stdout } = await promisify(execFile)(process.execPath, [worker, folder, ...files], {
			cwd: folder,
			// The rules behave differently under `NODE_ENV=test`, which jest sets.
			env: { ...process.env, NODE_ENV: 'production' },
			maxBuffer: 64 * 1024 * 1024,
		});
		const results = JSON.parse(stdout) as Array<{ filePath: string; messages: LintFinding[] }>;
		return files.map((file) => {
			const found = results.find(({ filePath }) => realpathSync(filePath) === join(folder, file));
			if (!found) throw new Error(`The lint said nothing about ${file}`);
			return found.messages;
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Findings of n8n's lint on a node description, errors and warnings; empty if clean. Takes about three seconds; for several, `lintSubjects`. */
export async function lintDescription(
	description: INodeTypeDescription,
	fileBaseName: string,
): Promise<LintFinding[]> {
	return (await lintSubjects([{ fileBaseName, node: description }]))[0];
}

/** The same for a credential type; a function `authenticate` is written out as a method without content. */
export async function lintCredential(
	credential: ICredentialType,
	fileBaseName: string,
): Promise<LintFinding[]> {
	return (await lintSubjects([{ fileBaseName, credential }]))[0];
}
