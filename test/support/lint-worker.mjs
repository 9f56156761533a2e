/**
 * Lints the files of a folder with the eslint.config.mjs found there and prints the findings as JSON.
 * A process of its own: n8n's lint is an ES module, which jest's CommonJS world cannot load.
 */
import { ESLint } from 'eslint';

const [folder, ...files] = process.argv.slice(2);
const eslint = new ESLint({ cwd: folder });
const results = await eslint.lintFiles(files);
const findings = results.map(({ filePath, messages, source }) => ({
	filePath,
	messages: messages.map(({ ruleId, message, severity, line }) => ({
		rule: ruleId ?? 'parse',
		message,
		severity: severity === 2 ? 'error' : 'warning',
		line,
		text: (source ?? '').split('\n')[line - 1]?.trim() ?? '',
	})),
}));
process.stdout.write(JSON.stringify(findings));
