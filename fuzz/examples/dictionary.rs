//! Prints the dictionary.

fn main() {
    print!("{}", encoded_query_fuzz::dictionary::text());
}
