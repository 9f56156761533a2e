/** The example workflows on disk, as n8n would import them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

import type { WorkflowJson } from '../harness/engine.mts';

export const PACKAGE = 'n8n-nodes-server-events';

export interface Example {
	/** Its name in `workflows/`. */
	file: string;
	workflow: WorkflowJson & { name: string };
	/** Whose nodes it uses, if not the pack's. */
	packageName?: string;
}

/** In the order of `first`; what is not named there comes last. */
export function readExamples(folder: string, first: readonly string[]): Example[] {
	const rank = (file: string) => (first.includes(file) ? first.indexOf(file) : first.length);
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other, 'en'))
		.map((file) => ({
			file,
			workflow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example['workflow'],
		}));
}

/** The recipes that are named in `wanted`, by their path in `workflows/`, in its order. */
export const readRecipes = (folder: string, wanted: readonly string[]): Example[] =>
	wanted.map((file) => ({
		file,
		workflow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example['workflow'],
	}));

/** The nodes of the package in a workflow, in the order in which the file has them. */
export const ownNodes = ({ workflow, packageName = PACKAGE }: Example): INode[] =>
	workflow.nodes.filter(({ type }) => type.startsWith(`${packageName}.`));
