/** Tests are `.mts` so that n8n's community lint, which forbids Node's own modules in every `.ts`, leaves them alone. */
export default {
	testEnvironment: 'node',
	// No test is about speed; a busy machine must not fail one.
	testTimeout: 120_000,
	roots: ['<rootDir>/test'],
	setupFiles: ['<rootDir>/test/support/seed.setup.mts'],
	testMatch: ['**/*.test.mts'],
	testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
	moduleFileExtensions: ['mts', 'ts', 'mjs', 'js', 'cjs', 'json', 'node'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
		],
	},
};
