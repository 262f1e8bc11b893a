//! Shows pages: linking pages, pictures, health.
