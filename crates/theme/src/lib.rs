//! Host CSS in, safe minified CSS and warnings out.
