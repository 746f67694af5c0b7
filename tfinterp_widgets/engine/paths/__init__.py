"""The paths in model space that integrals follow: straight, guided, blurred."""
