// The least that a C++ program with iostreams costs to start, as a floor to compare with.
#include <iostream>

int main() { std::cout << "hello\n"; }
