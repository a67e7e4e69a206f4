/** All tests of the extension hosts; the same in both. */
import './activation';
import './language';
import './debugger';
import './panel';
