/** n8n's expression engines, opened as n8n itself opens them when it starts. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as N8nWorkflow from 'n8n-workflow';

export type EngineName = 'legacy' | 'vm' | 'quickjs';

/** Makes `name` the engine of this process, with n8n's own defaults; gives n8n's `Expression`. */
export async function openExpressionEngine(name: EngineName): Promise<typeof N8nWorkflow.Expression> {
	const load = createRequire(join(process.cwd(), 'package.json'));
	const { Expression } = load('n8n-workflow') as typeof N8nWorkflow;
	// `legacy` is what n8n falls back to without any other.
	if (name !== 'legacy') {
		await Expression.initExpressionEngine({
			engine: name,
			poolSize: 1,
			maxCodeCacheSize: 1_024,
			bridgeTimeout: 5_000,
			bridgeMemoryLimit: 128,
		});
	}
	return Expression;
}
