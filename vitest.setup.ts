import fc from 'fast-check';

// The fast tests are a function of the commit: their properties draw the same cases each time, and
// a failure belongs to a change. The deep tests draw new ones; a failure prints its seed.
if (process.env['FAULTLAB_DEEP'] !== '1') fc.configureGlobal({ seed: 65_840 });
