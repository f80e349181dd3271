internal import CGSL

/// GSL aborts the program on an error unless its handler is off. This is run once, before GSL is first used.
let gslHandlerIsOff: Void = { _ = gsl_set_error_handler_off() }()
