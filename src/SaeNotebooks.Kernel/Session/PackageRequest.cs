namespace SaeNotebooks.Kernel.Session;

/// <summary>A NuGet package as a cell asks for it.</summary>
/// <param name="Name">The package id.</param>
/// <param name="Version">A version or range; "*" is the newest stable one.</param>
internal sealed record PackageRequest(string Name, string Version)
{
    /// <summary>Reads "Name, Version" or "Name".</summary>
    /// <exception cref="DirectiveException">The text is neither.</exception>
    public static PackageRequest Parse(string text)
    {
        var parts = text.Split(',', 2, StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0 || parts[0].Any(char.IsWhiteSpace))
            throw new DirectiveException($"""#r "nuget:{text}" does not name a package. Write #r "nuget: Name, Version".""");
        return new(parts[0], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : "*");
    }
}
