import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import {
	createCredentialReader,
	createPause,
	createQuoteMask,
	isAccountError,
	readAccounts,
	systemClock,
	type Account,
	type Clock,
} from '../../engine';

import { exportLogs } from '../exportLogs';

import type { ExportRun } from './download';
import { failedWith, reportOf, type Exported, type ExportReport } from './exportReport';
import { createExportFetcher } from './fetchExport';
import { exportItem } from './runExport';
import { runMatch } from './runMatch';

/** Reads the Logs API for n8n's items. */
export async function runExportLogs(
	host: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[][]> {
	const node = host.getNode();
	const signal = host.getExecutionCancelSignal?.();
	if (signal?.aborted) return [[]];
	const inputs = host.getInputData();
	const { credential } = exportLogs;
	const accounts = await readAccounts(
		createCredentialReader(host, credential.type),
		credential,
		node.credentials?.[credential.type] !== undefined,
	);
	const runWith = (account: Account): ExportRun => ({
		host,
		node,
		clock,
		signal,
		pause: createPause(),
		fetch: createExportFetcher(host, credential.type, account),
	});
	if (host.getNodeParameter('operation', 0, 'export') === 'match') {
		const account = await accounts.of(0);
		if (!isAccountError(account)) return await runMatch(runWith(account), inputs);
		return reportOf(
			host,
			node,
			inputs.map(() => failedWith(account.reason)),
		);
	}
	const results: Exported[] = [];
	for (const [index, input] of inputs.entries()) {
		const account = await accounts.of(index);
		const result: Exported = isAccountError(account)
			? failedWith(account.reason)
			: await exportItem(runWith(account), input.json, index);
		if ('cancelled' in result) return [[]];
		results.push(result);
	}
	// A user may have mapped a secret into a parameter.
	const hide = createQuoteMask(accounts.secrets());
	return reportOf(
		host,
		node,
		results.map((result) => ('failed' in result ? { failed: withoutSecrets(result.failed, hide) } : result)),
	);
}

const withoutSecrets = (report: ExportReport, hide: (text: string) => string): ExportReport =>
	report.message === undefined ? report : { ...report, message: hide(report.message) };
