//! The program: settings, wiring, commands, shutdown.
