import { userEvent } from './userEvent';
import { searchWords } from './searchWords';

export const registration = userEvent(
	{
		name: 'myTrackerRegistration',
		title: 'Registration',
		searchWords: searchWords.registration,
	},
	'registration',
);
