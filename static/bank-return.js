// The window for the bank's own page has done its work. A browser that did not let us open it as one lets us not close it.
window.close();
