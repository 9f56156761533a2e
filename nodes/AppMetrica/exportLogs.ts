import type { ReadOperation } from '../engine';

import { appMetricaOAuthCredential } from './logs/credential';
import { exportForm } from './logs/form';
import { DOCUMENTATION } from './logs/resources';

export const exportLogs: ReadOperation = {
	name: 'appMetricaExportLogs',
	vendor: 'AppMetrica',
	title: 'Export Logs',
	documentation: DOCUMENTATION,
	searchWords: [
		'app metrica',
		'yandex',
		'logs api',
		'raw data',
		'export events',
		'installations',
		'did it arrive',
		'check delivery',
		'выгрузка',
		'сырые данные',
	],
	credential: appMetricaOAuthCredential,
	form: exportForm,
};
