import type { ReadOperation } from '../engine';

import { appMetricaOAuthCredential } from './logs/credential';
import { exportForm } from './logs/form';
import { DOCUMENTATION } from './logs/resources';
import { searchHints, searchWords } from './searchWords';

export const exportLogs: ReadOperation = {
	name: 'appMetricaExportLogs',
	vendor: 'AppMetrica',
	title: 'Export Logs',
	documentation: DOCUMENTATION,
	searchWords: searchWords.exportLogs,
	searchHint: searchHints.exportLogs,
	credential: appMetricaOAuthCredential,
	form: exportForm,
};
