/** Mutates the engine and asks its pure tests. By hand with `npm run mutation`, not in CI: it takes long. */
export default {
	mutate: [
		'nodes/engine/**/*.ts',
		// Tested by whole runs in n8n's engine (test/promises, test/vendors), which are too slow for mutants.
		'!nodes/engine/{run,execution,send,finish,earlier,pause,credentialReader}.ts',
		'!nodes/engine/reading/{pollFile,streamRequest}.ts',
		'!nodes/engine/delivery/transport.ts',
	],
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	coverageAnalysis: 'perTest',
	jest: {
		configFile: 'jest.config.mjs',
		config: {
			// What asks the engine alone or through the tables, and is fast.
			testMatch: [
				'<rootDir>/test/engine/**/*.test.mts',
				'<rootDir>/test/package/{every-table,forms}.test.mts',
				'<rootDir>/test/vendors/*/page.test.mts',
			],
			// Only below these does jest see that a test reaches a file, also through index.ts.
			roots: ['<rootDir>'],
			// They start n8n's expression engine, and servers.
			testPathIgnorePatterns: [
				'/node_modules/',
				'/test/engine/mapping/expressions/(engines|run)\\.test\\.mts$',
				'/test/engine/delivery/transport\\.test\\.mts$',
			],
		},
	},
	// A mutant needs no hundred thousand events and no hundreds of draws. Changes the sandbox's copies only.
	buildCommand:
		'sed -i s/numRuns:.[0-9_]*/numRuns:25/;s/^\\(.const.count.=.\\)100_000/\\12_000/;s/500_000/50/;s/100...1_000_000/100*100/ test/engine/delivery/delivery.test.mts test/engine/delivery/pack.test.mts',
	concurrency: 2,
	// Constants and tables at the top of a file would run every test for each of their texts.
	ignoreStatic: true,
	ignorePatterns: ['/dist', '/.n8n-host', '/.tmp', '/coverage', '/tools/n8n'],
	// Not below node_modules, where jest finds no tests; removed at the end, so run no lint beside it.
	tempDirName: '.tmp/stryker',
	cleanTempDir: 'always',
	reporters: ['progress-append-only', 'clear-text', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	htmlReporter: { fileName: 'reports/mutation/index.html' },
	jsonReporter: { fileName: 'reports/mutation/mutation.json' },
};
